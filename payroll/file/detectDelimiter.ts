import { fieldOfColumn } from './recognizeColumns.ts';

export const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/**
 * What separates the fields of a file: the candidate under which the header names most fields of a payout, then the one
 * that stands in it most often; comma when none does. Excel's first line `sep=;` decides by itself.
 * @param start the first characters of the file, after its byte order mark
 */
export function detectDelimiter(start: string, assetSymbol: string): Delimiter {
  const declared = /^sep=([,;\t])\r?(\n|$)/i.exec(start)?.[1];
  if (declared !== undefined) return declared as Delimiter;
  const scores = DELIMITERS.map((delimiter) => {
    const names = splitHeader(start, delimiter);
    return {
      delimiter,
      recognized: names.filter((name) => fieldOfColumn(name, assetSymbol) !== null).length,
      count: names.length,
    };
  });
  scores.sort((a, b) => b.recognized - a.recognized || b.count - a.count);
  return scores[0]?.delimiter ?? ',';
}

/** The first line that is not blank, cut at every delimiter outside quotes. A sketch: the parser reads it properly. */
function splitHeader(start: string, delimiter: Delimiter): string[] {
  const names: string[] = [];
  let name = '';
  let quoted = false;
  for (const character of start) {
    if (character === '"') quoted = !quoted;
    else if (quoted) name += character;
    else if (character === delimiter) {
      names.push(name);
      name = '';
    } else if (character === '\n' || character === '\r') {
      if (names.length > 0 || name.trim() !== '') break;
    } else name += character;
  }
  names.push(name);
  return names;
}
