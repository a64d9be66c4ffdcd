import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chanceOfLookAlike,
  describeLookAlike,
  findLookAlikes,
  type KnownAddress,
  type KnownAddressKind,
  lookAlikeDigits,
} from './lookAlikes.ts';

const DIGITS = '0123456789abcdef';
const digits = (length: number) =>
  fc.array(fc.constantFrom(...DIGITS), { minLength: length, maxLength: length }).map((list) => list.join(''));
const address = digits(40).map((text) => `0x${text}`);

/** Another address with these ends: its middle is changed in at least one digit. */
function imitate(of: string, start: number, end: number): string {
  const middle = of.slice(2 + start, of.length - end);
  const first = DIGITS[(DIGITS.indexOf(middle.charAt(0)) + 1) % 16];
  return `${of.slice(0, 2 + start)}${first}${middle.slice(1)}${of.slice(of.length - end)}`;
}
/** Ends exactly so long: the digits next to them differ, too. */
function imitateExactly(of: string, start: number, end: number): string {
  const text = imitate(of, start, end);
  const at = text.length - end - 1;
  const last = DIGITS[(DIGITS.indexOf(of.charAt(at)) + 1) % 16];
  return `${text.slice(0, at)}${last}${text.slice(at + 1)}`;
}

const row = (recipient: string, number = 2) => ({ row: number, recipient, isKnown: false });
const known = (of: string, kind: KnownAddressKind = 'PAYEE'): KnownAddress => ({
  address: of,
  kind,
  name: null,
});

describe('findLookAlikes', () => {
  it('finds every address that shares three digits or more at both ends with a known one', async () => {
    await fc.assert(
      fc.asyncProperty(
        address,
        fc.integer({ min: 3, max: 18 }),
        fc.integer({ min: 3, max: 18 }),
        async (of, start, end) => {
          const recipient = imitate(of, start, end);
          const found = await findLookAlikes([row(recipient)], [known(of.toUpperCase().replace('0X', '0x'))]);
          expect(found).toMatchObject([{ row: 2, recipient, kind: 'PAYEE', ofRow: null }]);
        },
      ),
    );
  });

  it('finds nothing where one end shares less', async () => {
    await fc.assert(
      fc.asyncProperty(
        address,
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 30 }),
        async (of, few, many) => {
          expect(await findLookAlikes([row(imitateExactly(of, few, many))], [known(of)])).toEqual([]);
          expect(await findLookAlikes([row(imitateExactly(of, many, few))], [known(of)])).toEqual([]);
        },
      ),
    );
  });

  it('says the same as comparing every pair does', async () => {
    const near = fc
      .tuple(
        address,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), { maxLength: 6 }),
      )
      .map(([of, ends]) => [of, ...ends.map(([start, end]) => imitateExactly(of, start, end))]);
    const some = fc.array(near, { maxLength: 5 }).map((lists) => lists.flat());
    await fc.assert(
      fc.asyncProperty(some, some, fc.integer({ min: 6, max: 8 }), async (list, others, shared) => {
        const rows = [...list, ...others.slice(0, 3)].map((recipient, index) => row(recipient, index));
        const found = await findLookAlikes(
          rows,
          others.map((one) => known(one)),
          shared,
        );
        const isLikeRow = (one: string) => rows.some(({ recipient }) => isAlike(recipient, one, shared + 2));
        const expected = rows.filter(
          ({ recipient }) => others.some((one) => isAlike(one, recipient, shared)) || isLikeRow(recipient),
        );
        expect(found.map((one) => one.row)).toEqual(expected.map((one) => one.row));
        for (const one of found) expect(isAlike(one.of, one.recipient, shared)).toBe(true);
      }),
    );
  });

  it('passes over what was paid, by the list or by the caller, and over nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(address, async (of) => {
        const recipient = imitate(of, 4, 4);
        expect(await findLookAlikes([row(recipient)], [known(of), known(recipient, 'PAID')])).toEqual([]);
        expect(await findLookAlikes([{ ...row(recipient), isKnown: true }], [known(of)])).toEqual([]);
        for (const kind of ['PAYEE', 'OWNER', 'ACCOUNT', 'DUST_SENDER'] as const) {
          const both = [known(of, 'PAID'), known(recipient, kind)];
          expect(await findLookAlikes([row(recipient)], both)).toHaveLength(1);
          expect(await findLookAlikes([row(of)], both)).toEqual([]);
        }
        // Of two that nobody paid each is like the other; alone neither is like itself.
        const unpaid = [known(of), known(recipient, 'OWNER')];
        expect(await findLookAlikes([row(of)], unpaid)).toMatchObject([{ of: recipient, kind: 'OWNER' }]);
        expect(await findLookAlikes([row(recipient)], unpaid)).toMatchObject([{ of, kind: 'PAYEE' }]);
        expect(
          await findLookAlikes([row(of)], [known(of), known(of.toUpperCase().replace('0X', '0x'), 'OWNER')]),
        ).toEqual([]);
      }),
    );
  });

  it('tells of a sender of dust, and of what is like one, but not of who was paid and sent little', async () => {
    await fc.assert(
      fc.asyncProperty(address, async (sender) => {
        const dust = known(sender, 'DUST_SENDER');
        expect(await findLookAlikes([row(sender)], [dust])).toMatchObject([
          { of: sender, kind: 'DUST_SENDER' },
        ]);
        expect(await findLookAlikes([row(imitate(sender, 4, 4))], [dust])).toMatchObject([{ of: sender }]);
        expect(await findLookAlikes([row(sender)], [dust, known(sender)])).toHaveLength(1);
        expect(await findLookAlikes([row(sender)], [dust, known(sender, 'PAID')])).toEqual([]);
        expect(
          await findLookAlikes([row(imitate(sender, 4, 4))], [dust, known(sender, 'PAID')]),
        ).toMatchObject([{ kind: 'PAID' }]);
      }),
    );
  });

  it('tells of both rows of a file where neither is known, and only of the other where one was paid', async () => {
    await fc.assert(
      fc.asyncProperty(address, async (one) => {
        const rows = [row(one, 2), row(imitate(one, 5, 5), 3), row(one, 4)];
        expect((await findLookAlikes(rows, [])).map((found) => [found.row, found.kind, found.ofRow])).toEqual(
          [
            [2, 'SAME_FILE', 3],
            [3, 'SAME_FILE', 2],
            [4, 'SAME_FILE', 3],
          ],
        );
        expect(await findLookAlikes(rows, [known(one, 'PAID')])).toMatchObject([{ row: 3, kind: 'PAID' }]);
      }),
    );
  });

  it('is one look-up a row, even where every address has the same ends', async () => {
    const many = Array.from(
      { length: 100_000 },
      (_, index) => `0xabc${index.toString(16).padStart(34, '0')}def`,
    );
    const started = performance.now();
    const found = await findLookAlikes(
      many.map((recipient, index) => row(recipient, index)),
      many.map((one) => known(one.replace('0xabc0', '0xabc1'))),
    );
    expect(found).toHaveLength(100_000);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('lookAlikeDigits', () => {
  it.each([
    [0, 6],
    [500, 6],
    [16_000, 6],
    [17_000, 7],
    [130_000, 7],
    [140_000, 8],
    [10_000_000, 9],
  ])('of %i addresses are %i', (count, expected) => {
    expect(lookAlikeDigits(count)).toBe(expected);
  });

  it('keeps chance below one address in a thousand', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (count) => {
        expect(chanceOfLookAlike(count, lookAlikeDigits(count))).toBeLessThanOrEqual(0.001);
      }),
    );
  });
});

describe('describeLookAlike', () => {
  const of = `0x1234${'0'.repeat(32)}abcd`;
  const about = { row: 3, recipient: `0x1234${'1'.repeat(32)}abcd`, of, name: null, ofRow: null };
  it.each([
    [{ ...about, kind: 'PAYEE', name: 'Ada' }, `like that of Ada, ${of}, and is another`],
    [{ ...about, kind: 'PAID' }, 'like one that was paid before'],
    [{ ...about, kind: 'SAME_FILE', ofRow: 7 }, 'like that of row 7'],
    [{ ...about, kind: 'DUST_SENDER' }, 'like one that sent a trifle'],
    [{ ...about, kind: 'DUST_SENDER', recipient: of }, 'it sent a trifle'],
  ] as const)('%o', (lookAlike, part) => {
    expect(describeLookAlike(lookAlike, (number) => `row ${number}`)).toContain(part);
  });
});

function isAlike(one: string, other: string, shared: number): boolean {
  if (one === other) return false;
  let start = 0;
  while (one[2 + start] === other[2 + start]) start += 1;
  let end = 0;
  while (one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return start >= 3 && end >= 3 && start + end >= shared;
}
