import { refuse } from '../../core/errors.ts';
import { MAX_REASON_CHARACTERS } from '../../core/limits.ts';
import { textFault } from '../textFault.ts';

const MESSAGES = {
  LENGTH: `Say why, in 1 to ${MAX_REASON_CHARACTERS} characters.`,
  CHARACTERS: 'The reason holds control characters or ones that reverse its direction. Type it again.',
};

/** A reason as it is stored: trimmed. Line breaks may stand in it. @throws UserFaultsError REASON_INVALID */
export function requireReason(reason: string): string {
  const trimmed = reason.trim();
  const fault = textFault(trimmed, { maxCharacters: MAX_REASON_CHARACTERS, lines: 'SEVERAL' });
  if (fault !== null) refuse('REASON_INVALID', MESSAGES[fault], ['input', 'reason']);
  return trimmed;
}
