import { REVERSES_DIRECTION } from '../payroll/checks/checkText.ts';

const CONTROL = /\p{Cc}/u;
/** As CONTROL, but a text may have several lines. */
const CONTROL_IN_LINES = /[^\P{Cc}\t\n\r]/u;

/**
 * What keeps a trimmed text from being stored and shown: its LENGTH (blank, or too long), or its CHARACTERS (controls,
 * ones that reverse its direction, halves of a pair); null when nothing does. Its length counts UTF-16 units, as everywhere.
 */
export function textFault(
  text: string,
  { maxCharacters, lines = 'ONE' }: { maxCharacters: number; lines?: 'ONE' | 'SEVERAL' },
): 'LENGTH' | 'CHARACTERS' | null {
  if (text === '' || text.length > maxCharacters) return 'LENGTH';
  const control = lines === 'ONE' ? CONTROL : CONTROL_IN_LINES;
  const isShowable = !control.test(text) && !REVERSES_DIRECTION.test(text) && text.isWellFormed();
  return isShowable ? null : 'CHARACTERS';
}
