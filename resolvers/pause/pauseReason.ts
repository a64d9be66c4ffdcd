import { refuse } from '../../core/errors.ts';
import { MAX_REASON_CHARACTERS } from '../../core/limits.ts';

/** A reason as it is stored: trimmed. Line breaks may stand in it. @throws UserFaultsError REASON_INVALID */
export function requireReason(reason: string): string {
  const trimmed = reason.trim();
  const isText = trimmed.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(trimmed);
  if (trimmed === '' || trimmed.length > MAX_REASON_CHARACTERS || !isText) {
    const message = `Say why, in 1 to ${MAX_REASON_CHARACTERS} characters.`;
    refuse('REASON_INVALID', message, ['input', 'reason']);
  }
  return trimmed;
}
