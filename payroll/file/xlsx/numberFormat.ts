import { type CellFormat, describeFormat, PLAIN_FORMAT, UNKNOWN_FORMAT } from './describeFormat.ts';
import { readXml } from './readXml.ts';
import { damaged, tooLarge } from './workbookError.ts';

/** Excel's own limits: of a format's code, and of the styles that cells name. */
export const MAX_FORMAT_CODE_CHARACTERS = 255;
export const MAX_CELL_STYLES = 65_490;
/** Excel keeps some 250. */
export const MAX_NUMBER_FORMATS = 10_000;

/** Formats that every spreadsheet knows by number (ECMA-376 18.8.30); those of dates differ by language. */
const BUILTIN_CODES: Readonly<Record<number, string>> = {
  0: 'General',
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
const DATE_FORMAT: CellFormat = { numbers: { kind: 'DATE' }, showsTexts: true };

export type NumberFormats = {
  /** The format of each cell style, by the number that cells name it with. */
  readonly formats: readonly CellFormat[];
  /** Of the looks that conditions give to cells, those with a number format of their own. */
  readonly conditional: ReadonlySet<number>;
};

/** @throws WorkbookError also when a format has two codes */
export async function readNumberFormats(pieces: AsyncIterable<Uint8Array>): Promise<NumberFormats> {
  const conditional = new Set<number>();
  let look = -1;
  const codes = new Map<number, string>();
  const styles: number[] = [];
  let list = '';
  await readXml(pieces, {
    open(name, { numFmtId, formatCode = '' }) {
      if (name === 'dxfs') look = -1;
      if (name === 'numFmts' || name === 'cellXfs' || name === 'dxfs') list = name;
      else if (name === 'dxf') look += 1;
      else if (name === 'numFmt' && list === 'dxfs') conditional.add(look);
      else if (name === 'numFmt' && list === 'numFmts') addCode(codes, Number(numFmtId), formatCode);
      else if (name === 'xf' && list === 'cellXfs') {
        if (styles.length === MAX_CELL_STYLES)
          tooLarge(`The workbook has more than ${MAX_CELL_STYLES} cell styles`);
        styles.push(Number(numFmtId ?? 0));
      }
    },
    close(name) {
      if (name === list) list = '';
    },
  });
  const described = new Map([...new Set(styles)].map((id) => [id, formatOf(id, codes.get(id))] as const));
  return { formats: styles.map((id) => described.get(id) ?? UNKNOWN_FORMAT), conditional };
}

function addCode(codes: Map<number, string>, id: number, code: string): void {
  if (code.length > MAX_FORMAT_CODE_CHARACTERS)
    tooLarge(`A number format of the workbook is longer than ${MAX_FORMAT_CODE_CHARACTERS} characters`);
  if ((codes.get(id) ?? code) !== code) damaged('The workbook has two number formats of one number');
  if (codes.size === MAX_NUMBER_FORMATS && !codes.has(id))
    tooLarge(`The workbook has more than ${MAX_NUMBER_FORMATS} number formats`);
  codes.set(id, code);
}

/** @param code what the workbook says of it, if anything */
function formatOf(id: number, code: string | undefined): CellFormat {
  const builtin = builtinFormat(id);
  if (code === undefined) return builtin ?? UNKNOWN_FORMAT;
  const format = describeFormat(code);
  // Whether a spreadsheet believes the workbook or itself about a format of its own is its choice.
  return builtin === null || showAlike(format, builtin) ? format : UNKNOWN_FORMAT;
}

function builtinFormat(id: number): CellFormat | null {
  if (BUILTIN_DATES.some(([from, to]) => from <= id && id <= to)) return DATE_FORMAT;
  const code = BUILTIN_CODES[id];
  if (code === undefined) return null;
  return id === 0 ? PLAIN_FORMAT : describeFormat(code);
}

function showAlike({ numbers: a }: CellFormat, { numbers: b }: CellFormat): boolean {
  return a.kind === b.kind && (a.kind !== 'FIXED' || b.kind !== 'FIXED' || a.decimals === b.decimals);
}
