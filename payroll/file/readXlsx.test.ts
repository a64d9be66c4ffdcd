import { describe, expect, test } from 'vitest';
import { examplePayee } from '../../examples/generate.ts';
import { readText } from './readText.testkit.ts';
import { sheetData, type WorkbookContent, workbook } from './xlsx/workbook.testkit.ts';

const ALICE = examplePayee(0);
const BOB = examplePayee(1);
const HEADER = ['recipient', 'amount', 'memo', 'reference'];

/** Cell styles by their place: plain, date, a custom date, grouped with two decimals, scientific, percent, 00000, text. */
const STYLES = `<numFmts count="3"><numFmt numFmtId="164" formatCode="[$-409]d\\-mmm\\-yy;@"/><numFmt numFmtId="165" formatCode="_(&quot;$&quot;* #,##0.00_)"/><numFmt numFmtId="166" formatCode="00000"/></numFmts>
<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
<cellXfs>${[0, 14, 164, 165, 11, 9, 166, 49].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`;
const number = (value: string, style = 0) => `<c s="${style}"><v>${value}</v></c>`;

const read = (rows: readonly (readonly (string | null)[])[], more: Partial<WorkbookContent> = {}) =>
  readText(workbook({ sheets: { Payroll: sheetData(rows) }, styles: STYLES, ...more }));

describe('what a sheet holds is read as it is shown', () => {
  test('texts and numbers, with the rows’ own numbers', async () => {
    const sheet = `${sheetData([[], HEADER, [ALICE, number('1250.0999999999999', 3), ' rent &', number('42', 6)]], 3)}`;
    const { lines, issues, preview } = await readText(
      workbook({ sheets: { Payroll: sheet }, styles: STYLES }),
    );
    expect(issues).toEqual([]);
    expect(lines).toEqual([
      { row: 5, recipient: ALICE, units: 1_250_100_000n, memo: 'rent &', reference: '00042' },
    ]);
    expect(preview).toMatchObject({ rowCount: 1, sheets: ['Payroll'], columns: HEADER });
  });

  test('shared strings: with parts of different looks, without pronunciations, with escaped characters', async () => {
    const strings = [
      ...HEADER.map((name) => `<si><t>${name}</t></si>`),
      `<si><r><rPr><b/></rPr><t>${ALICE.slice(0, 9)}</t></r><r><t>${ALICE.slice(9)}</t></r></si>`,
      '<si><t>工资</t><rPh sb="0" eb="1"><t>gongzi</t></rPh><phoneticPr fontId="1"/></si>',
      '<si><t>two_x000A_lines _x005F_x000A_</t></si>',
    ];
    const shared = (index: number) => `<c t="s"><v>${index}</v></c>`;
    const rows = [[0, 1, 2, 3].map(shared), [shared(4), number('1'), shared(5), null]];
    rows.push([shared(4), number('2'), shared(6), null]);
    const { lines, issues } = await read(rows, { strings: strings.join('') });
    expect(issues).toEqual([]);
    expect(lines.map(({ recipient, memo }) => [recipient, memo])).toEqual([
      [ALICE, '工资'],
      [ALICE, 'two\nlines _x000A_'],
    ]);
  });

  test('cells and rows without a place follow the one before; prefixes are anybody’s choice', async () => {
    const text = (value: string) => `<x:c t="inlineStr"><x:is><x:t>${value}</x:t></x:is></x:c>`;
    const row = (...cells: string[]) => `<x:row>${cells.join('')}</x:row>`;
    const data = row(text('recipient'), text('amount')) + row(text(ALICE), '<x:c><x:v>7</x:v></x:c>');
    const { lines } = await readText(
      workbook({
        sheets: { Payroll: '' },
        files: {
          'xl/worksheets/sheet0.xml': new TextEncoder().encode(
            `<?xml version="1.0"?><x:worksheet xmlns:x="urn:x"><x:sheetData>${data}</x:sheetData></x:worksheet>`,
          ),
        },
      }),
    );
    expect(lines).toMatchObject([{ row: 2, recipient: ALICE, units: 7_000_000n }]);
  });

  test('columns without a name, and what is not read, may hold anything', async () => {
    const rows = [
      ['序号', ...HEADER],
      ['<c><f>ROW()</f><v>1</v></c>', ALICE, '5', null, null, '<c t="e"><v>#REF!</v></c>'],
    ];
    const { lines, issues, preview } = await read(rows);
    expect(issues).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(preview?.ignoredColumns).toEqual(['序号']);
  });
});

describe('sheets', () => {
  const sheets = {
    Notes: sheetData([['hello']]),
    May: sheetData([HEADER, [ALICE, '1']]),
    June: sheetData([HEADER, [BOB, '2']]),
  };
  const content = { sheets, attributes: { Notes: 'state="hidden"' } };

  test('the first that is shown, or the one that is named', async () => {
    expect((await readText(workbook(content))).lines).toMatchObject([{ recipient: ALICE }]);
    const { lines, preview } = await readText(workbook(content), ' june ');
    expect(lines).toMatchObject([{ recipient: BOB }]);
    expect(preview?.sheets).toEqual(['May', 'June']);
  });

  test.each(['July', 'Notes'])('%s is none', async (name) => {
    const answer = await readText(workbook(content), name);
    expect(answer.preview).toBeNull();
    expect(answer.issues).toMatchObject([
      { code: 'SHEET_UNKNOWN', message: expect.stringContaining('“May”, “June”') },
    ]);
    expect(answer.sheets).toEqual(['May', 'June']);
  });
});

describe('cells at fault in a column that is read', () => {
  test.each<[string, string, string, RegExp]>([
    ['a formula with its value', '<c><f>1+1</f><v>2</v></c>', 'CELL_FORMULA', /values/],
    ['a formula without one', '<c><f>1+1</f></c>', 'CELL_FORMULA', /values/],
    ['a shared formula', '<c><f t="shared" si="0"/><v>2</v></c>', 'CELL_FORMULA', /values/],
    ['a formula of text', '<c t="str"><f>"1"</f><v>1</v></c>', 'CELL_FORMULA', /values/],
    ['a date', number('46000', 1), 'CELL_DATE', /date/],
    ['a date in a format of one’s own', number('46000', 2), 'CELL_DATE', /date/],
    ['a date in ISO form', '<c t="d"><v>2026-05-01</v></c>', 'CELL_DATE', /date/],
    ['an error', '<c t="e"><v>#N/A</v></c>', 'CELL_ERROR', /error/],
    ['a truth', '<c t="b"><v>1</v></c>', 'CELL_BOOLEAN', /TRUE/],
    ['the sum of 0.1 and 0.2', number('0.30000000000000004'), 'NUMBER_TOO_PRECISE', /15 digits/],
    ['sixteen digits', number('1234567890.123456'), 'NUMBER_TOO_PRECISE', /15 digits/],
    ['nearly nothing', number('1E-300'), 'NUMBER_TOO_PRECISE', /15 digits/],
    ['digits that were lost', number('1.23456789012345E+19'), 'NUMBER_SCIENTIFIC', /may be lost/],
    ['digits that are not shown', number('1250.5', 4), 'NUMBER_SCIENTIFIC', /scientific form/],
    ['decimals that are not shown', number('1250.125', 3), 'NUMBER_SHOWN_DIFFERENTLY', /rounded/],
    ['a percentage', number('0.12', 5), 'NUMBER_SHOWN_DIFFERENTLY', /percentage/],
    ['no number', number('12e'), 'AMOUNT_NOT_A_NUMBER', /not an amount/],
  ])('%s', async (_, amount, code, message) => {
    const { issues, preview } = await read([HEADER, [ALICE, amount], [BOB, '2']]);
    expect(issues).toEqual([
      expect.objectContaining({ row: 2, column: 'amount', code, message: expect.stringMatching(message) }),
    ]);
    expect(preview).toMatchObject({ rowCount: 2, acceptedCount: 1, totalUnits: 2_000_000n });
  });

  test('scientific form without a loss is a number', async () => {
    const { lines } = await read([
      HEADER,
      [ALICE, number('1250', 4)],
      [BOB, number('9.9999999999999995E-7')],
    ]);
    expect(lines.map(({ units }) => units)).toEqual([1_250_000_000n, 1n]);
  });

  test('a formula that fills other cells', async () => {
    const array = '<c><f t="array" ref="B2:B3">A1:A2*1</f><v>5</v></c>';
    const { issues } = await read([HEADER, [ALICE, array], [BOB, number('6')], [BOB, number('7')]]);
    expect(issues.map(({ row, code }) => [row, code])).toEqual([
      [2, 'CELL_FORMULA'],
      [3, 'CELL_FORMULA'],
    ]);
  });

  test('what a formula comes to, or a number, does not say how texts are written', async () => {
    const formula = '<c t="str"><f>1</f><v>2500.2</v></c>';
    const { issues, lines } = await read([
      HEADER,
      [ALICE, formula],
      [ALICE, number('1.5')],
      [BOB, '1250,50'],
    ]);
    expect(issues).toMatchObject([{ row: 2, code: 'CELL_FORMULA' }]);
    expect(lines.map(({ units }) => units)).toEqual([1_500_000n, 1_250_500_000n]);
  });

  test('a reference that is shown otherwise than it is held', async () => {
    const { issues, lines } = await read([
      HEADER,
      [ALICE, '1', null, number('42', 3)],
      [BOB, '1', null, number('202611210001')],
    ]);
    expect(issues).toMatchObject([{ row: 2, column: 'reference', code: 'NUMBER_SHOWN_DIFFERENTLY' }]);
    expect(lines).toMatchObject([{ reference: '202611210001' }]);
  });
});

describe('what nobody sees', () => {
  test('a hidden row is neither paid nor passed over; a blank one is', async () => {
    const data = sheetData([HEADER, [ALICE, '1'], [BOB, '2'], [null]])
      .replace('<row r="3"', '<row r="3" hidden="1"')
      .replace('<row r="4"', '<row r="4" hidden="1"');
    const { issues, lines } = await readText(workbook({ sheets: { Payroll: data } }));
    expect(issues).toMatchObject([{ row: 3, column: null, code: 'HIDDEN_ROW', severity: 'ERROR' }]);
    expect(lines).toHaveLength(1);
  });

  test('nor is a hidden column read', async () => {
    const columns = '<cols><col min="2" max="3" hidden="1"/></cols>';
    const { issues, preview } = await readText(
      workbook({ sheets: { Payroll: columns + sheetData([HEADER, [ALICE, '1']]) } }),
    );
    expect(issues).toMatchObject([{ code: 'HIDDEN_COLUMN', message: expect.stringContaining('“amount”') }]);
    expect(preview).toBeNull();
  });

  test('a hidden column that is not read harms nobody', async () => {
    const columns = '<cols><col min="2" max="2" hidden="1"/></cols>';
    const rows = sheetData([
      ['recipient', 'department', 'amount'],
      [ALICE, 'Sales', '1'],
    ]);
    const { lines, issues } = await readText(workbook({ sheets: { Payroll: columns + rows } }));
    expect([lines.length, issues.length]).toEqual([1, 0]);
  });

  const ROWS = sheetData([HEADER, [ALICE, '1', 'rent'], [BOB, '2', 'rent']]);
  const third = (attributes: string) => ROWS.replace('<row r="3"', `<row r="3" ${attributes}`);
  const merged = (...references: string[]) =>
    `<mergeCells>${references.map((reference) => `<mergeCell ref="${reference}"/>`).join('')}</mergeCells>`;
  test.each<[string, string, string, number, string | null]>([
    ['a row too low', third('ht="0.1" customHeight="1"'), 'HIDDEN_ROW', 3, null],
    ['a row too low that is not fixed', third('ht="2.9"'), 'HIDDEN_ROW', 3, null],
    ['a row of a height that is none', third('ht="NaN"'), 'HIDDEN_ROW', 3, null],
    ['a row hidden in other words', third('hidden=" 1 "'), 'HIDDEN_ROW', 3, null],
    ['rows too low', `<sheetFormatPr defaultRowHeight="0.5"/>${ROWS}`, 'HIDDEN_ROW', 1, null],
    ['rows hidden unless', `<sheetFormatPr zeroHeight="1"/>${ROWS}`, 'HIDDEN_ROW', 1, null],
    ['columns too narrow', `<sheetFormatPr defaultColWidth="0"/>${ROWS}`, 'HIDDEN_COLUMN', 1, null],
    ['a narrow base', `<sheetFormatPr baseColWidth="0"/>${ROWS}`, 'HIDDEN_COLUMN', 1, null],
    [
      'a column too narrow',
      `<cols><col min="2" max="2" width="0.01" customWidth="1"/></cols>${ROWS}`,
      'HIDDEN_COLUMN',
      1,
      null,
    ],
    [
      'a column as narrow as all',
      `<sheetFormatPr defaultColWidth="0"/><cols><col min="1" max="1" width="9"/><col min="2" max="9"/></cols>${ROWS}`,
      'HIDDEN_COLUMN',
      1,
      null,
    ],
    [
      'columns told of too late',
      `${ROWS}<cols><col min="2" max="2" hidden="1"/></cols>`,
      'FILE_DAMAGED',
      3,
      null,
    ],
    ['a merged row', ROWS + merged('D1:E1', 'A2:A3', 'B2:B3'), 'CELL_MERGED', 3, 'recipient'],
    ['merged columns', ROWS + merged('A3:B3'), 'CELL_MERGED', 3, 'amount'],
    ['merged backwards', ROWS + merged('B3:B2'), 'CELL_MERGED', 3, 'amount'],
    ['a merged header', ROWS + merged('A1:C1'), 'CELL_MERGED', 1, 'amount'],
    ['merged before the cells', merged('B2:B3') + ROWS, 'CELL_MERGED', 3, 'amount'],
  ])('%s', async (_, sheet, code, row, column) => {
    const { issues, preview } = await readText(workbook({ sheets: { Payroll: sheet } }));
    expect(issues[0]).toMatchObject({ row, column, code, severity: 'ERROR' });
    if (column !== null) expect(preview).toBeNull();
  });

  test('merged cells are read where nothing is covered; so are rows and columns of their own size', async () => {
    const covered = sheetData([HEADER, [ALICE, '1', 'rent'], [BOB, '2', null]]);
    const sizes = `<sheetFormatPr defaultRowHeight="15" defaultColWidth="0"/><cols><col min="1" max="4" width="9"/></cols>`;
    const sheet =
      sizes + covered.replace('<row r="3"', '<row r="3" ht="12"') + merged('C2:C3', 'A1:A1', 'E1:H9');
    const { lines, issues } = await readText(workbook({ sheets: { Payroll: sheet } }));
    expect(issues).toEqual([]);
    expect(lines.map(({ memo }) => memo)).toEqual(['rent', null]);
  });
});
