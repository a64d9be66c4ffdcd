import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from '../../core/money.ts';
import { examplePayee } from '../../examples/generate.ts';
import { readNotation } from './amountNotation.ts';
import { readText } from './readText.testkit.ts';

const units = fc.bigInt({ min: 1n, max: 10n ** 15n });
const notation = fc
  .record({
    mark: fc.constantFrom('.', ','),
    group: fc.constantFrom('', '.', ',', ' ', '\u00a0', '\u202f', "'", '’'),
  })
  .filter(({ mark, group }) => mark !== group);

/** As somebody writes it: `decimals` of them at least, more where they are not zero. */
function write(amount: bigint, style: { mark: string; group: string }, decimals: number): string {
  const [whole = '', all = ''] = formatAmount(amount, 6).split('.');
  const fraction = all.replace(/0+$/, '').padEnd(decimals, '0');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, style.group);
  return fraction === '' ? grouped : `${grouped}${style.mark}${fraction}`;
}

test.each([
  ['1250,50', '1250.50'],
  ['1.250,50', '1250.50'],
  ['1,250.50', '1250.50'],
  ['1 250,5', '1250.5'],
  ["1'250.50", '1250.50'],
  ['1,250,000', '1250000'],
  ['0,125', '0.125'],
  ['1250.125', '1250.125'],
  ['-1.250,5', '-1250.5'],
  ['.5', '0.5'],
  ['5,', '5'],
])('%s is %s', (text, plain) => {
  expect(readNotation(text)).toMatchObject({ plain });
});

test.each(['1,250', '1.250', '12.345', '-999,000'])('%s is ambiguous', (text) => {
  expect(readNotation(text)).toBe('AMBIGUOUS');
});

test.each(['1,25,000', '1.250.50', '12,50.5,0', '1 25', '0.250.000', '1,250,5', '1 250 ', '.', '1e3', '١٢٣'])(
  '%s is no amount',
  (text) => {
    expect(readNotation(text)).toBeNull();
  },
);

test('an amount is read to the unit however it is written, or told to be ambiguous where it is', () => {
  fc.assert(
    fc.property(units, notation, fc.nat({ max: 6 }), (amount, style, decimals) => {
      const text = write(amount, style, decimals);
      const read = readNotation(text);
      if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) return expect(read).toBe('AMBIGUOUS');
      expect(read).not.toBeNull();
      const { plain, mark } = read as Exclude<typeof read, null | 'AMBIGUOUS'>;
      expect(plain).toBe(write(amount, { mark: '.', group: '' }, decimals));
      if (mark !== null) expect(mark).toBe(style.mark);
    }),
    { numRuns: 2_000 },
  );
});

test('what is ambiguous has two readings, of which neither is taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 999 }), (thousands, rest) => {
      for (const mark of ['.', ','])
        expect(readNotation(`${thousands}${mark}${String(rest).padStart(3, '0')}`)).toBe('AMBIGUOUS');
    }),
  );
});

test('a file that is written in two ways is at fault, wherever the second begins', async () => {
  const amounts = fc.array(units, { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(amounts, fc.boolean(), fc.nat(), async (list, mixes, at) => {
      const other = 1 + (at % (list.length - 1));
      const rows = list.map((amount, index) => {
        const mark = mixes && index >= other ? '.' : ',';
        return `${examplePayee(index)};${write(amount, { mark, group: '' }, 4)}`;
      });
      const { issues, lines } = await readText(`recipient;amount\n${rows.join('\n')}`);
      if (!mixes) expect(lines.map((line) => line.units)).toEqual(list);
      else {
        const wrong = list.map((_, index) => index + 2).slice(other);
        expect(issues.map(({ row, code }) => [row, code])).toEqual(
          wrong.map((row) => [row, 'AMOUNT_NOTATION_MIXED']),
        );
      }
    }),
    { numRuns: 200 },
  );
});
