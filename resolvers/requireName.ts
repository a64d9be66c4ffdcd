import { refuse } from '../core/errors.ts';
import { MAX_NAME_CHARACTERS } from '../core/limits.ts';
import { textFault } from './textFault.ts';

export const NAME_FAULTS = {
  NAME_INVALID: 'The name is blank or too long, or holds characters that cannot be shown in one line.',
} as const;

/** What an organization, an account or a payee is called, as it is stored: trimmed. @throws UserFaultsError NAME_INVALID */
export function requireName(text: string): string {
  return requireLine(text, 'NAME_INVALID', ['input', 'name']);
}

/** What a person is called, as it is stored: trimmed. @throws UserFaultsError DISPLAY_NAME_INVALID */
export function requireDisplayName(text: string, path: readonly string[] = ['input', 'displayName']): string {
  return requireLine(text, 'DISPLAY_NAME_INVALID', path);
}

function requireLine(text: string, code: string, path: readonly string[]): string {
  const name = text.trim();
  if (textFault(name, { maxCharacters: MAX_NAME_CHARACTERS }) !== null) {
    const message = `A name has 1 to ${MAX_NAME_CHARACTERS} characters in one line, none of which reverses its direction.`;
    refuse(code, message, path);
  }
  return name;
}
