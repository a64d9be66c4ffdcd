import { readXml } from './readXml.ts';

/** How a spreadsheet shows a number, as far as it matters to what a person reads there. */
export type NumberFormat =
  /** As it is. */
  | { readonly kind: 'PLAIN' }
  /** With this many decimals, perhaps grouped or beside a currency; before them at least `digits` digits. */
  | { readonly kind: 'FIXED'; readonly decimals: number; readonly digits: number; readonly isBare: boolean }
  | { readonly kind: 'SCIENTIFIC'; readonly significantDigits: number }
  | { readonly kind: 'DATE' }
  /** Scaled, as a percentage or a fraction: another number than the cell's. */
  | { readonly kind: 'OTHER' };

const PLAIN: NumberFormat = { kind: 'PLAIN' };

/** Formats that every spreadsheet knows by number (ECMA-376 18.8.30); those of dates differ by language. */
const BUILTIN_CODES: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  ...{ 5: '$#,##0', 6: '$#,##0', 7: '$#,##0.00', 8: '$#,##0.00' },
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  ...{ 37: '#,##0', 38: '#,##0', 39: '#,##0.00', 40: '#,##0.00' },
  ...{ 41: '#,##0', 42: '$#,##0', 43: '#,##0.00', 44: '$#,##0.00' },
  48: '##0.0E+0',
  49: '@',
};
const BUILTIN_DATES: readonly (readonly [from: number, to: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
  [71, 81],
];

/** The format of each cell style, by the number that cells name it with. */
export async function readNumberFormats(pieces: AsyncIterable<Uint8Array>): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let inCellStyles = false;
  await readXml(pieces, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      else if (name === 'cellXfs') inCellStyles = true;
      else if (name === 'xf' && inCellStyles) formats.push(formatOf(Number(attributes.numFmtId ?? 0), codes));
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  return formats;
}

function formatOf(id: number, codes: ReadonlyMap<number, string>): NumberFormat {
  const code = codes.get(id);
  if (code !== undefined) return describeFormat(code);
  if (BUILTIN_DATES.some(([from, to]) => from <= id && id <= to)) return { kind: 'DATE' };
  const builtin = BUILTIN_CODES[id];
  return builtin === undefined ? PLAIN : describeFormat(builtin);
}

/** @param code as a spreadsheet's “custom format” shows it; amounts are positive, so that its first section counts */
export function describeFormat(code: string): NumberFormat {
  const section = firstSection(code);
  // What stands in quotes, after a backslash, or fills space is shown and means nothing.
  const bare = section
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .replace(/"[^"]*"?|\\.|_.|\*./g, '')
    .replace(/general/gi, '');
  const isBare = bare === section;
  if (/E[+-]/i.test(bare)) {
    const [, fraction = ''] = (bare.split(/E/i)[0] ?? '').split('.');
    return { kind: 'SCIENTIFIC', significantDigits: 1 + placeholders(fraction) };
  }
  if (/[ymdhsbge]|上午|下午/i.test(bare)) return { kind: 'DATE' };
  if (bare.includes('%') || bare.includes('/')) return { kind: 'OTHER' };
  if (placeholders(bare) === 0) return section === '' || isGeneral(section) ? PLAIN : { kind: 'OTHER' };
  const [whole = '', fraction = ''] = bare.split('.');
  // A comma after the last digit divides by a thousand.
  if (/[0#?],+[^0#?]*$/.test(fraction === '' ? whole : fraction)) return { kind: 'OTHER' };
  return {
    kind: 'FIXED',
    decimals: placeholders(fraction),
    digits: (whole.match(/0/g) ?? []).length,
    isBare: isBare && /^[0#]+(\.0+)?$/.test(section),
  };
}

function isGeneral(section: string): boolean {
  return /^(general|@)$/i.test(section.trim());
}

function placeholders(code: string): number {
  return (code.match(/[0#?]/g) ?? []).length;
}

function firstSection(code: string): string {
  const match = /^(?:"[^"]*"?|\\.|\[[^\]]*\]?|[^;])*/.exec(code);
  return match?.[0] ?? '';
}
