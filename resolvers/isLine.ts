import { textFault } from './textFault.ts';

/** Whether a trimmed text can be a name: not blank, one line, not longer than allowed, characters that can be shown. */
export function isLine(text: string, maxCharacters: number): boolean {
  return textFault(text, { maxCharacters }) === null;
}
