import { expect, it } from 'vitest';
import { textFault } from './textFault.ts';

it.each([
  ['one line', 'Payroll', null],
  ['emoji, as pairs', '😀'.repeat(5), null],
  ['right-to-left letters, with marks', '\u05e9\u05dc\u05d5\u05dd\u200f', null],
  ['nothing', '', 'LENGTH'],
  ['too much', 'a'.repeat(11), 'LENGTH'],
  ['too much, as each of a pair counts', '😀'.repeat(6), 'LENGTH'],
  ['a line break', 'a\nb', 'CHARACTERS'],
  ['a bell', 'a\u0007b', 'CHARACTERS'],
  ['half a pair', 'a\ud800', 'CHARACTERS'],
  ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'].map(
    (control) => [`U+${control.charCodeAt(0).toString(16)}`, `a${control}b`, 'CHARACTERS'] as const,
  ),
] as const)('%s', (_, text, fault) => {
  expect(textFault(text, { maxCharacters: 10 })).toBe(fault);
});

it('several lines, where they may be', () => {
  const several = { maxCharacters: 10, lines: 'SEVERAL' } as const;
  expect(textFault('a\r\n\tb', several)).toBeNull();
  expect(textFault('a\u0000b', several)).toBe('CHARACTERS');
  expect(textFault('a\u202eb', several)).toBe('CHARACTERS');
});
