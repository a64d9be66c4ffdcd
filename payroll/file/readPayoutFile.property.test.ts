import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from '../../core/money.ts';
import { examplePayee, payroll } from '../../examples/generate.ts';
import { readText, TEST_RULES } from './readText.testkit.ts';
import { COLUMN_NAMES, PAYOUT_FIELDS } from './recognizeColumns.ts';

const decimals = TEST_RULES.decimals;
const NEW_LINES = ['\n', '\r\n', '\r'] as const;

/** A text that a file may hold and a batch keep; trimmed, as it is stored. */
const text = fc
  .oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('工资，五月', 'a"b""c', 'x;y,z\tw', '=1+1', 'two\nlines'),
  )
  .map((value) => value.replace(/[^\P{Cc}\n]/gu, '').trim() || null);

const payout = fc.record({
  payee: fc.nat({ max: 10_000 }),
  lowerCase: fc.boolean(),
  units: fc.bigInt({ min: 1n, max: 2n ** 96n - 1n }),
  memo: text,
  reference: text.map((value) => value?.replaceAll('\n', ' ') ?? null),
});

const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  newline: fc.constantFrom(...NEW_LINES),
  byteOrderMark: fc.boolean(),
  trailingNewline: fc.boolean(),
  quoteAll: fc.boolean(),
  names: fc.tuple(...PAYOUT_FIELDS.map((field) => fc.constantFrom(...COLUMN_NAMES[field]))),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
  upperCase: fc.boolean(),
  encoding: fc.constantFrom('utf8', 'utf16le', 'utf16be'),
});

type Dialect = typeof dialect extends fc.Arbitrary<infer Value> ? Value : never;

function write(rows: readonly (readonly string[])[], style: Dialect): string {
  const names = [...style.names.map((name) => (style.upperCase ? name.toUpperCase() : name)), 'Department'];
  const needsQuotes = new RegExp(`["\\r\\n${style.delimiter}]`);
  const cell = (value: string) =>
    style.quoteAll || needsQuotes.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const written = [names, ...rows.map((row) => [...row, 'Sales'])].map((row) =>
    style.order.map((index) => cell(row[index] as string)).join(style.delimiter),
  );
  const end = style.trailingNewline ? style.newline : '';
  return (style.byteOrderMark ? '\ufeff' : '') + written.join(style.newline) + end;
}

test('what is written in any dialect and either language is read as it was, to the unit', async () => {
  const payouts = fc.uniqueArray(payout, {
    minLength: 1,
    maxLength: 30,
    selector: ({ reference }) => reference ?? {},
  });
  await fc.assert(
    fc.asyncProperty(payouts, dialect, async (wanted, style) => {
      const rows = wanted.map(({ payee, lowerCase, units, memo, reference }) => {
        const address = examplePayee(payee);
        const recipient = lowerCase ? address.toLowerCase() : address;
        return [recipient, formatAmount(units, decimals), memo ?? '', reference ?? ''];
      });
      const { preview, lines, errorCount } = await readText(encode(write(rows, style), style.encoding));
      expect(errorCount).toBe(0);
      expect(lines).toEqual(
        wanted.map(({ payee, units, memo, reference }, index) => ({
          row: index + 2,
          recipient: examplePayee(payee),
          units,
          memo,
          reference,
        })),
      );
      expect(preview).toMatchObject({
        rowCount: wanted.length,
        acceptedCount: wanted.length,
        totalUnits: wanted.reduce((sum, { units }) => sum + units, 0n),
        ignoredColumns: ['Department'],
      });
    }),
    { numRuns: 300 },
  );
});

/** UTF-16 always has its byte order mark. */
function encode(text: string, encoding: Dialect['encoding']): Uint8Array<ArrayBuffer> {
  if (encoding === 'utf8') return Uint8Array.from(Buffer.from(text, 'utf8'));
  const bytes = Buffer.from(text.startsWith('\ufeff') ? text : `\ufeff${text}`, 'utf16le');
  return Uint8Array.from(encoding === 'utf16be' ? bytes.swap16() : bytes);
}

/** Whatever a file holds, what is told of it is consistent. */
async function expectHonest(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { preview, lines, issues, issueCount, errorCount } = await readText(bytes);
  if (preview === null) expect(errorCount).toBeGreaterThan(0);
  else {
    expect(preview.acceptedCount).toBe(lines.length);
    expect(preview.totalUnits).toBe(lines.reduce((sum, { units }) => sum + units, 0n));
    if (preview.acceptedCount < preview.rowCount) expect(errorCount).toBeGreaterThan(0);
  }
  expect(issueCount).toBeGreaterThanOrEqual(errorCount);
  expect(issues.length).toBe(issueCount);
}

test('random bytes are told to be what they are, and crash nothing', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), expectHonest), { numRuns: 1_000 });
});

test('a payroll with some bytes overwritten crashes nothing either', async () => {
  const good = Buffer.from(payroll(5));
  const damage = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(damage, (changes) => {
      const bytes = Uint8Array.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      return expectHonest(bytes);
    }),
    { numRuns: 500 },
  );
});

test('where the pieces of a file end makes no difference', async () => {
  // Rows of some 80 bytes over three pieces of 64 KiB: each shift puts their ends somewhere else in a row.
  const row = (index: number) =>
    `${examplePayee(index % 9)},${index + 1},"收""款\r\n,",${String(index).padStart(6, '0')}\r\n`;
  const rows = Array.from({ length: 2_000 }, (_, index) => row(index)).join('');
  for (let shift = 0; shift < 90; shift += 4) {
    const { lines, errorCount } = await readText(
      `recipient,amount,memo,reference${' '.repeat(shift)}\r\n${rows}`,
    );
    expect(errorCount).toBe(0);
    expect(lines).toHaveLength(2_000);
    expect(
      lines.every(({ row, units, memo }) => units === BigInt(row - 1) * 1_000_000n && memo === '收"款\r\n,'),
    ).toBe(true);
  }
});
