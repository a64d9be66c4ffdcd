import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvHead, csvLine } from './csv.ts';

describe('csvLine', () => {
  it('keeps spreadsheets from running what people wrote', () => {
    const cells = ['=1+1', '+49 30', '-cmd', '@SUM(A1)', '\t=x', '＝1', '-12.50', '12', 'a=b', null];
    expect(csvLine(cells)).toBe(
      `"'=1+1","'+49 30","'-cmd","'@SUM(A1)","'\t=x","'＝1","-12.50","12","a=b",""\r\n`,
    );
  });

  it('is read back as it was, but for the apostrophe, by another reader', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
        const names = cells.map((_, place) => `column ${place}`);
        const [, line] = parse(csvHead(names) + csvLine(cells), { bom: true }) as string[][];
        expect(line?.map((cell, place) => cell === cells[place] || cell === `'${cells[place]}`)).toEqual(
          cells.map(() => true),
        );
        expect(line?.some((cell) => /^[=+@\t\r]/.test(cell))).toBe(false);
      }),
    );
  });
});
