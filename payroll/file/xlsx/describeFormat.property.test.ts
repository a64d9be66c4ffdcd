import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { examplePayee } from '../../../examples/generate.ts';
import { readText } from '../readText.testkit.ts';
import { readCellNumber } from './cellNumber.ts';
import { describeFormat, type NumberFormat } from './describeFormat.ts';
import { MAX_CELL_STYLES, MAX_FORMAT_CODE_CHARACTERS, MAX_NUMBER_FORMATS } from './numberFormat.ts';
import { escapeXml, sheetData, workbook } from './workbook.testkit.ts';

/** A quadratic reading of so many signs takes most of a minute. */
const MANY_SIGNS = 100_000;
const GENEROUS_MS = 5_000;

test.each([
  ['General', 'PLAIN'],
  ['@', 'PLAIN'],
  ['', 'PLAIN'],
  ['[Red]General', 'PLAIN'],
  ['General;[Red]-General', 'FIXED'],
  ['0.00', 'FIXED'],
  ['#,##0.00;[Red]-#,##0.00', 'FIXED'],
  ['_-[$€-407]* #,##0.00_-', 'FIXED'],
  ['_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', 'FIXED'],
  ['#,##0.00\\ [$USDC]', 'FIXED'],
  ['#,##0.00" USDC"', 'FIXED'],
  ['[$-10409]#,##0.00;\\(#,##0.00\\)', 'FIXED'],
  ['[$-en-US]0.00', 'FIXED'],
  ['¥#,##0', 'FIXED'],
  ['#,##,##0.0', 'FIXED'],
  ['0.00" days"', 'OTHER'],
  ['0.00"k"', 'OTHER'],
  ['0.00"万"', 'OTHER'],
  ['0.0,', 'OTHER'],
  ['0,,0', 'OTHER'],
  ['0%', 'OTHER'],
  ['# ?/?', 'OTHER'],
  ['"paid"', 'OTHER'],
  [';;;', 'OTHER'],
  [' ', 'OTHER'],
  ['0\\.00', 'OTHER'],
  ['0"."00', 'OTHER'],
  ['"1"0.00', 'OTHER'],
  ['\\10.00', 'OTHER'],
  ['0.00"5"', 'OTHER'],
  ['0.00\\5', 'OTHER'],
  ['0.00_5', 'OTHER'],
  ['*50.00', 'OTHER'],
  ['0_.00', 'OTHER'],
  ['0 00', 'OTHER'],
  ['"٣"0', 'OTHER'],
  ['[$5]0', 'OTHER'],
  ['[$٣-401]0', 'OTHER'],
  ['\\-0.00', 'OTHER'],
  ['(0.00)', 'OTHER'],
  ['[DBNum1]0', 'OTHER'],
  ['[$-4000439]0', 'OTHER'],
  ['[>=100000]0.00;"500.00"', 'OTHER'],
  ['0.00;[>5]"500.00"', 'OTHER'],
  ['@;0', 'OTHER'],
  ['0;0;0;@;0', 'OTHER'],
  ['0"', 'OTHER'],
  ['[Red0', 'OTHER'],
  ['0.00E+00', 'SCIENTIFIC'],
  ['"1"0.00E+00', 'OTHER'],
  ['yyyy-mm-dd', 'DATE'],
  ['[h]:mm', 'DATE'],
  ['yyyy"年"m"月"d"日"', 'DATE'],
  ['[$-409]d-mmm-yy;@', 'DATE'],
  ['[$-F800]0', 'DATE'],
])('numbers in the format %s are %s', (code, kind) => {
  expect(describeFormat(code).numbers.kind).toBe(kind);
});

test.each([
  ['General', true],
  ['0.00', true],
  ['@', true],
  ['_(@_)', true],
  ['0;0;0;@', true],
  ['[$-409]d-mmm-yy;@', true],
  [';;;', false],
  ['0;0;0;', false],
  ['0;0;0;"500"', false],
  ['"5"@', false],
  ['@"0"', false],
  ['@@', false],
  ['0;"x"@', false],
  ['[Blue]"x"', false],
])('texts in the format %s are shown: %s', (code, shown) => {
  expect(describeFormat(code).showsTexts).toBe(shown);
});

/**
 * A format's first section as Excel shows a positive number in it, for the signs below: digits fill the places from the
 * point outwards, and everything else stands where it stands.
 */
function show(section: readonly string[], digits: string): string {
  const isPlace = (token: string | undefined) => token === '0' || token === '#';
  const point = section.indexOf('.');
  const [whole = '', fraction = ''] = digits.split('.');
  const places = section.slice(0, point < 0 ? undefined : point).filter(isPlace).length;
  let at = 0;
  let decimal = 0;
  const shown = section.map((token, index) => {
    if (!isPlace(token)) return literalOf(token);
    if (point >= 0 && index > point) {
      decimal += 1;
      return fraction[decimal - 1] ?? (token === '0' ? '0' : '');
    }
    const from = at === 0 ? 0 : whole.length - places + at;
    at += 1;
    const to = whole.length - places + at;
    const part = whole.slice(Math.max(0, from), Math.max(0, to));
    return part === '' && token === '0' ? '0' : part;
  });
  return shown.join('');
}

function literalOf(token: string): string {
  if (token === '.') return '.';
  if (token.startsWith('"')) return token.slice(1, -1);
  if (token.startsWith('\\')) return token.slice(1);
  if (token.startsWith('[$')) return token.slice(2, -1);
  return token.startsWith('_') || token.startsWith('*') ? ' ' : '';
}

test('what is read of an amount is what its format shows, whatever the format', () => {
  const token = fc.constantFrom(
    ...['0', '0', '0', '#', '.', '.', '"1"', '"."', '"-"', '" "', '"k"', '\\.', '\\5', '\\ ', '_.', '_-'],
    ...['* ', '*0', '[Red]', '[$€]', '[$5]', '[$.]', '"USDC"', '"万"'],
  );
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.array(token, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.integer({ min: 0, max: 4 }),
      (section, digits, decimals) => {
        const value = (digits / 10 ** decimals).toString();
        const read = readCellNumber(value, describeFormat(section.join('')).numbers, true);
        if ('code' in read) return;
        accepted += 1;
        const shown = show(section, read.text).replaceAll('USDC', '').replaceAll('€', '').trim();
        expect(shown).toMatch(/^[\d.]+$/);
        expect(Number(shown)).toBe(Number(value));
      },
    ),
    { numRuns: 20_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('of any signs, only what is understood is a number as it is', () => {
  const sign = fc.constantFrom(...'0#?.,;"\\_*[]$-%/E+@ 5kGЖ<>=\'()'.split(''));
  const isSafe = ({ kind }: NumberFormat) => kind === 'DATE' || kind === 'OTHER';
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
      const code = signs.join('');
      const { numbers } = describeFormat(code);
      const tokens = tokensOf(code);
      const end = tokens.indexOf(';');
      const first = tokens.slice(0, end < 0 ? undefined : end).join('');
      if (isSafe(numbers) || code === '' || first === '@') return;
      expect(tokens.filter((token) => /^\[[<>=]/.test(token))).toEqual([]);
      expect(first.replace(/_./g, '').replace(/\[\$-?\d?\]/g, '')).not.toMatch(/[5k%/Ж'()<>=]/);
      expect(first).toMatch(/[0#?@]/);
    }),
    // `_;` is a space as wide as a semicolon, and ends no section.
    { numRuns: 20_000, examples: [[['_', ';', '0']], [['0', ';', '\\', '[', '>']]] },
  );
});

/** Texts, escapes, brackets and fillers as one each, anything else sign by sign. */
function tokensOf(code: string): string[] {
  return code.match(/[\\_*].?|"[^"]*"?|\[[^\]]*\]?|./gs) ?? [];
}

describe('a workbook’s formats', () => {
  const ALICE = examplePayee(0);
  const withStyles = (styles: string, cell = '<c s="1"><v>5000</v></c>') =>
    readText(
      workbook({
        sheets: {
          Payroll: sheetData([
            ['recipient', 'amount'],
            [ALICE, cell],
          ]),
        },
        styles,
      }),
    );
  const custom = (code: string, id = 164) =>
    `<numFmts><numFmt numFmtId="${id}" formatCode="${escapeXml(code)}"/></numFmts>`;
  const styles = (...ids: number[]) =>
    `<cellXfs><xf/>${ids.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`;

  test.each(['[', '0,', '"', '\\', '_', '*', '0', ';', '[$', 'E+'])(
    'so many %s are passed over once',
    (sign) => {
      const start = performance.now();
      describeFormat(sign.repeat(MANY_SIGNS));
      describeFormat(`${sign.repeat(MANY_SIGNS)}0`);
      expect(performance.now() - start).toBeLessThan(GENEROUS_MS);
    },
  );

  test.each([
    ['a long code', custom('['.repeat(MAX_FORMAT_CODE_CHARACTERS + 1)), /255 characters/],
    ['many styles', `<cellXfs>${'<xf/>'.repeat(MAX_CELL_STYLES + 1)}</cellXfs>`, /65490 cell styles/],
    [
      'many formats',
      `<numFmts>${Array.from({ length: MAX_NUMBER_FORMATS + 1 }, (_, id) => `<numFmt numFmtId="${id}"/>`).join('')}</numFmts>`,
      /10000 number formats/,
    ],
  ])('%s is refused', async (_, xml, message) => {
    const { preview, issues } = await withStyles(xml);
    expect(preview).toBeNull();
    expect(issues).toMatchObject([
      { code: 'FILE_TOO_LARGE_UNPACKED', message: expect.stringMatching(message) },
    ]);
  });

  test('two codes of one number are refused', async () => {
    const { issues } = await withStyles(
      `<numFmts><numFmt numFmtId="164" formatCode="0"/><numFmt numFmtId="164" formatCode="0%"/></numFmts>`,
    );
    expect(issues).toMatchObject([{ code: 'FILE_DAMAGED' }]);
  });

  test.each([
    ['a condition', custom('[>=100000]0.00;"500.00"') + styles(164)],
    ['a point of its own', custom('0\\.00') + styles(164)],
    ['formats after the styles that name them', styles(164) + custom('0\\.00')],
    ['a known number with another code', custom('0\\.00', 2) + styles(2)],
    ['a known percentage with a harmless code', custom('0.00', 10) + styles(10)],
    ['a format that is nowhere', styles(165)],
    ['a style that is nowhere', styles()],
  ])('%s: the amount is shown differently', async (_, xml) => {
    const { lines, issues } = await withStyles(xml);
    expect(lines).toEqual([]);
    expect(issues).toMatchObject([{ row: 2, column: 'amount', code: 'NUMBER_SHOWN_DIFFERENTLY' }]);
  });

  test('a text that its format hides or adds to is not read', async () => {
    const text = '<c s="1" t="inlineStr"><is><t>5000</t></is></c>';
    for (const code of [';;;', '0;0;0;"500"', '"1"@']) {
      const { issues } = await withStyles(custom(code) + styles(164), text);
      expect(issues).toMatchObject([{ row: 2, column: 'amount', code: 'NUMBER_SHOWN_DIFFERENTLY' }]);
    }
    expect((await withStyles(custom('0.00;@') + styles(164), text)).lines).toHaveLength(1);
  });

  test('formats of conditions alone, of the same number, change nothing', async () => {
    const { lines } = await withStyles(
      `${custom('0.00')}${styles(164)}<dxfs><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs>`,
    );
    expect(lines).toMatchObject([{ units: 5_000_000_000n }]);
  });

  const looks = `<dxfs><dxf><font/></dxf><dxf><numFmt numFmtId="164" formatCode="0%"/></dxf></dxfs>`;
  const rule = (look: number) =>
    `<conditionalFormatting sqref="B2"><cfRule type="expression" dxfId="${look}"><formula>TRUE</formula></cfRule></conditionalFormatting>`;
  const newerRule =
    '<extLst><ext><x14:cfRule><x14:dxf><numFmt numFmtId="164" formatCode="0%"/></x14:dxf></x14:cfRule></ext></extLst>';
  test.each([
    ['with a number format', rule(1), ['NUMBER_SHOWN_DIFFERENTLY']],
    ['with a number format of its own', newerRule, ['NUMBER_SHOWN_DIFFERENTLY']],
    ['of colors', rule(0), []],
  ])('conditional formatting %s', async (_, xml, codes) => {
    const rows = sheetData([
      ['recipient', 'amount'],
      [ALICE, '5'],
    ]);
    const { issues } = await readText(workbook({ sheets: { Payroll: rows + xml }, styles: looks }));
    expect(issues.map(({ code }) => code)).toEqual(codes);
  });

  test('a header that is shown as another', async () => {
    const header = (text: string) => `<c s="1" t="inlineStr"><is><t>${text}</t></is></c>`;
    const read = (...names: string[]) =>
      readText(
        workbook({
          sheets: { Payroll: sheetData([names, [ALICE, '5', '7']]) },
          styles: custom(';;;"memo"') + styles(164),
        }),
      );
    const { preview, issues } = await read('recipient', header('amount'), 'note');
    expect(preview).toBeNull();
    expect(issues).toMatchObject([{ row: 1, column: 'amount', code: 'NUMBER_SHOWN_DIFFERENTLY' }]);
    expect((await read('recipient', 'amount', header('department'))).lines).toHaveLength(1);
  });
});
