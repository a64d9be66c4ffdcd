import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvError, csvReader } from './csvReader.ts';

/** The rows of a text that comes in pieces of `pieceCharacters`, or null where it is no CSV. */
function read(text: string, delimiter: string, pieceCharacters: number): string[][] | null {
  const rows: string[][] = [];
  try {
    const reader = csvReader(delimiter, (fields) => rows.push(fields));
    for (let at = 0; at < text.length; at += pieceCharacters)
      reader.write(text.slice(at, at + pieceCharacters));
    reader.end();
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return null;
  }
}

function readElsewhere(text: string, delimiter: string): string[][] | null {
  try {
    const options = { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true };
    return parse(text, options) as string[][];
  } catch {
    return null;
  }
}

test('reads what an independent parser reads, and refuses what it refuses, however the text is cut', () => {
  const text = fc
    .array(fc.constantFrom('"', '""', ',', ';', '\n', '\r', '\r\n', 'a', '收款', ' ', '🪙'), {
      maxLength: 25,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.constantFrom(',', ';'), fc.integer({ min: 1, max: 9 }), (csv, delimiter, cut) => {
      expect(read(csv, delimiter, cut)).toEqual(readElsewhere(csv, delimiter));
    }),
    { numRuns: 5_000 },
  );
});
