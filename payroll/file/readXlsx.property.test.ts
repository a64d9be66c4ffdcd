import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { formatAmount } from '../../core/money.ts';
import { examplePayee } from '../../examples/generate.ts';
import { readText, TEST_RULES } from './readText.testkit.ts';
import { readCellNumber } from './xlsx/cellNumber.ts';
import { escapeXml, sheetData, workbook, workbookFiles } from './xlsx/workbook.testkit.ts';

const HEADER = ['recipient', 'amount', 'memo'];
const GOOD = workbook({
  sheets: {
    Payroll: sheetData([HEADER, ...[1, 2, 3].map((index) => [examplePayee(index), `${index}`, 'x'])]),
  },
  strings: '<si><t>x</t></si>',
  styles: '<cellXfs><xf numFmtId="14"/></cellXfs>',
});

/** Whatever a file holds, what is told of it is consistent. */
async function expectHonest(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { preview, lines, issues, issueCount, errorCount } = await readText(bytes);
  if (preview === null) expect(errorCount).toBeGreaterThan(0);
  else {
    expect(preview.acceptedCount).toBe(lines.length);
    expect(preview.totalUnits).toBe(lines.reduce((sum, { units }) => sum + units, 0n));
    if (preview.acceptedCount < preview.rowCount) expect(errorCount).toBeGreaterThan(0);
  }
  expect(issues.length).toBe(issueCount);
}

test('a workbook with some bytes overwritten or cut crashes nothing', async () => {
  const damage = fc.array(fc.tuple(fc.nat({ max: GOOD.length - 1 }), fc.nat({ max: 255 })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat({ max: 30 }), (changes, cut) => {
      const bytes = GOOD.slice(0, GOOD.length - (cut > 20 ? cut : 0));
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      return expectHonest(bytes);
    }),
    { numRuns: 1_000 },
  );
});

test('whatever XML stands in the parts of a workbook crashes nothing', async () => {
  const names = [
    'worksheet',
    'sheetData',
    'row',
    'c',
    'v',
    'f',
    'is',
    't',
    'col',
    'si',
    'xf',
    'sheet',
    'numFmt',
  ];
  const attribute = fc.tuple(
    fc.constantFrom(
      'r',
      's',
      't',
      'ref',
      'hidden',
      'min',
      'max',
      'numFmtId',
      'formatCode',
      'x:id',
      '__proto__',
    ),
    fc.oneof(
      fc.constantFrom(
        'A1',
        'B2',
        'XFD1048576',
        '1',
        '-1',
        '1e9',
        's',
        'b',
        'str',
        'inlineStr',
        'constructor',
      ),
      fc.string({ maxLength: 5 }),
    ),
  );
  const { xml } = fc.letrec<{ xml: string }>((tie) => ({
    xml: fc
      .tuple(
        fc.constantFrom(...names),
        fc.uniqueArray(attribute, { maxLength: 3, selector: ([name]) => name }),
        fc.oneof(fc.string({ maxLength: 8 }).map(escapeXml), fc.array(tie('xml'), { maxLength: 4 })),
      )
      .map(([name, attributes, inner]) => {
        const written = attributes.map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
        return `<${name}${written.join('')}>${Array.isArray(inner) ? inner.join('') : inner}</${name}>`;
      }),
  }));
  const parts = ['xl/worksheets/sheet0.xml', 'xl/sharedStrings.xml', 'xl/styles.xml', 'xl/workbook.xml'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...parts), xml, (part, text) => {
      const files = workbookFiles({
        sheets: { Payroll: sheetData([HEADER, [examplePayee(1), '<c t="s"><v>0</v></c>']]) },
        strings: '<si><t>1</t></si>',
        styles: '',
        files: { [part]: strToU8(text) },
      });
      return expectHonest(zipSync(files));
    }),
    { numRuns: 500 },
  );
});

test('what a workbook holds is read to the unit, whether it is a number, a text or a shared one', async () => {
  const cell = fc.constantFrom('NUMBER', 'INLINE', 'SHARED');
  // Fifteen digits, as a spreadsheet keeps them.
  const payout = fc.record({ units: fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }), cell });
  await fc.assert(
    fc.asyncProperty(fc.array(payout, { minLength: 1, maxLength: 20 }), async (payouts) => {
      const strings: string[] = [];
      const rows = payouts.map(({ units, cell }, index) => {
        const text = formatAmount(units, TEST_RULES.decimals);
        if (cell === 'NUMBER') return [examplePayee(index), `<c><v>${Number(text).toPrecision(17)}</v></c>`];
        if (cell === 'INLINE') return [examplePayee(index), text];
        strings.push(`<si><t>${text}</t></si>`);
        return [examplePayee(index), `<c t="s"><v>${strings.length - 1}</v></c>`];
      });
      const bytes = workbook({
        sheets: { Payroll: sheetData([HEADER, ...rows]) },
        strings: strings.join(''),
      });
      const { lines, issues } = await readText(bytes);
      expect(issues).toEqual([]);
      expect(lines.map(({ units }) => units)).toEqual(payouts.map(({ units }) => units));
    }),
    { numRuns: 200 },
  );
});

test('a number is read as exactly itself, or not at all', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const read = readCellNumber(value.toString().replace('Infinity', '1e999'), { kind: 'PLAIN' }, true);
      if ('code' in read) return;
      expect(read.text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(read.text)).toBe(value === 0 ? 0 : value);
      expect(read.text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length).toBeLessThanOrEqual(15);
    }),
    { numRuns: 5_000 },
  );
});
