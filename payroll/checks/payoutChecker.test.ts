import { getAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import { type PayoutText, payoutChecker } from './payoutChecker.ts';

const ALICE = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const BOB = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
const rules = {
  chainName: 'Base',
  decimals: 6,
  token: getAddress(`0x${'11'.repeat(20)}`),
  payer: getAddress(`0x${'22'.repeat(20)}`),
  factory: getAddress(`0x${'33'.repeat(20)}`),
  implementation: getAddress(`0x${'44'.repeat(20)}`),
};
const good: PayoutText = { recipient: ALICE, amount: '1250.5', memo: null, reference: null };

function check(payout: Partial<PayoutText>) {
  return payoutChecker(rules, (row) => `row ${row}`)(2, { ...good, ...payout });
}

describe('what is accepted', () => {
  test('a checksummed address and an exact amount', () => {
    expect(check({})).toEqual({
      line: { row: 2, recipient: ALICE, units: 1_250_500_000n, memo: null, reference: null },
      issues: [],
    });
  });

  test.each([
    ['lower case', ALICE.toLowerCase()],
    ['upper case', `0x${ALICE.slice(2).toUpperCase()}`],
    ['white space around it, also a full-width space', `\u3000 ${ALICE}\t`],
  ])('an address in %s is stored with its checksum', (_, recipient) => {
    expect(check({ recipient }).line?.recipient).toBe(ALICE);
  });

  test.each([
    ['1', 1_000_000n],
    ['0.000001', 1n],
    ['.5', 500_000n],
    ['5.', 5_000_000n],
    ['1.5000000000', 1_500_000n],
    ['+7', 7_000_000n],
    ['79228162514264337593543.950335', 2n ** 96n - 1n],
  ])('the amount %s', (amount, units) => {
    expect(check({ amount }).line?.units).toBe(units);
  });

  test('a memo of several lines; blank texts are none', () => {
    expect(check({ memo: ' a\n\tb ', reference: '  ' }).line).toMatchObject({
      memo: 'a\n\tb',
      reference: null,
    });
  });
});

describe('a payout without a recipient', () => {
  const absent = { ...good, recipient: '  ' };
  const checkPayee = (payout: PayoutText) =>
    payoutChecker({ ...rules, namesPayees: true }, (row) => `row ${row}`)(2, payout);

  test('may name a payee by its reference, where that is allowed', () => {
    expect(checkPayee({ ...absent, reference: ' EMP-7 ' })).toEqual({
      line: { row: 2, recipient: null, units: 1_250_500_000n, memo: null, reference: 'EMP-7' },
      issues: [],
    });
    expect(check({ recipient: '', reference: 'EMP-7' }).issues).toMatchObject([{ code: 'FIELD_MISSING' }]);
  });

  test('is at fault without a reference, and with a faulty amount', () => {
    expect(checkPayee(absent).issues).toMatchObject([{ code: 'FIELD_MISSING', field: 'recipient' }]);
    const zero = checkPayee({ ...absent, reference: 'EMP-7', amount: '0' });
    expect(zero).toMatchObject({ line: null, issues: [{ code: 'AMOUNT_ZERO' }] });
  });
});

describe('what is refused', () => {
  test.each<[Partial<PayoutText>, string, string, RegExp]>([
    [{ recipient: ALICE.replace('aA', 'AA') }, 'recipient', 'ADDRESS_CHECKSUM', /EIP-55/],
    [{ recipient: '' }, 'recipient', 'FIELD_MISSING', /missing/],
    [{ recipient: ALICE.slice(0, -1) }, 'recipient', 'ADDRESS_MALFORMED', /this has 39/],
    [{ recipient: ALICE.slice(2) }, 'recipient', 'ADDRESS_MALFORMED', /lacks 0x/],
    [{ recipient: `0X${ALICE.slice(2)}` }, 'recipient', 'ADDRESS_MALFORMED', /small 0x/],
    [{ recipient: `eip155:1:${ALICE}` }, 'recipient', 'ADDRESS_MALFORMED', /alone/],
    [{ recipient: 'alice.eth' }, 'recipient', 'ADDRESS_MALFORMED', /Names are not looked up/],
    [{ recipient: `0x${'ab'.repeat(32)}` }, 'recipient', 'ADDRESS_MALFORMED', /private key/],
    [{ recipient: 'Alice' }, 'recipient', 'ADDRESS_MALFORMED', /not an address/],
    [
      { recipient: 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' },
      'recipient',
      'ADDRESS_OTHER_CHAIN',
      /a Tron .* Base/,
    ],
    [{ recipient: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa' }, 'recipient', 'ADDRESS_OTHER_CHAIN', /Bitcoin/],
    [
      { recipient: 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' },
      'recipient',
      'ADDRESS_OTHER_CHAIN',
      /Bitcoin/,
    ],
    [
      { recipient: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v' },
      'recipient',
      'ADDRESS_OTHER_CHAIN',
      /Solana/,
    ],
    [{ recipient: 'rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRH' }, 'recipient', 'ADDRESS_OTHER_CHAIN', /XRP/],
    [{ recipient: `0x${'00'.repeat(20)}` }, 'recipient', 'RECIPIENT_ZERO', /zero address/],
    [{ recipient: rules.token }, 'recipient', 'RECIPIENT_TOKEN', /token/],
    [{ recipient: rules.factory }, 'recipient', 'RECIPIENT_FACTORY', /payout system/],
    [{ recipient: rules.implementation }, 'recipient', 'RECIPIENT_FACTORY', /payout system/],
    [{ recipient: rules.payer }, 'recipient', 'RECIPIENT_ACCOUNT', /itself/],
    [{ amount: '' }, 'amount', 'FIELD_MISSING', /missing/],
    [{ amount: '0.000' }, 'amount', 'AMOUNT_ZERO', /zero/],
    [{ amount: '-5' }, 'amount', 'AMOUNT_NEGATIVE', /negative/],
    [{ amount: 'five' }, 'amount', 'AMOUNT_NOT_A_NUMBER', /not an amount/],
    [{ amount: '1e3' }, 'amount', 'AMOUNT_NOT_A_NUMBER', /not an amount/],
    [{ amount: '$100' }, 'amount', 'AMOUNT_NOT_A_NUMBER', /not an amount/],
    [{ amount: '1.0000001' }, 'amount', 'AMOUNT_TOO_PRECISE', /6 decimals/],
    [{ amount: '1,250' }, 'amount', 'AMOUNT_AMBIGUOUS_SEPARATOR', /two ways/],
    [{ amount: '1.250.000' }, 'amount', 'AMOUNT_AMBIGUOUS_SEPARATOR', /two ways/],
    [{ amount: '79228162514264337593543.950336' }, 'amount', 'AMOUNT_TOO_LARGE', /larger/],
    [{ memo: 'x'.repeat(501) }, 'memo', 'MEMO_TOO_LONG', /501/],
    [{ memo: 'pay\u202eees' }, 'memo', 'TEXT_INVALID', /direction/],
    [{ memo: 'lone \ud800 half' }, 'memo', 'TEXT_INVALID', /control/],
    [{ reference: 'x'.repeat(201) }, 'reference', 'REFERENCE_TOO_LONG', /201/],
    [{ reference: 'a\u0000b' }, 'reference', 'TEXT_INVALID', /control/],
  ])('%j', (payout, field, code, message) => {
    const { line, issues } = check(payout);
    expect(line).toBeNull();
    expect(issues).toEqual([
      expect.objectContaining({ field, code, message: expect.stringMatching(message) }),
    ]);
  });

  test('every fault of a row is told, not only its first', () => {
    const { issues } = check({
      recipient: 'x',
      amount: 'y',
      memo: 'x'.repeat(501),
      reference: 'x'.repeat(201),
    });
    expect(issues.map(({ code }) => code)).toEqual([
      'ADDRESS_MALFORMED',
      'AMOUNT_NOT_A_NUMBER',
      'MEMO_TOO_LONG',
      'REFERENCE_TOO_LONG',
    ]);
  });
});

describe('what appears twice', () => {
  test('a reference is an error that names the first row, also where that row has faults', () => {
    const next = payoutChecker(rules, (row) => `row ${row}`);
    next(2, { ...good, amount: 'x', reference: 'R' });
    const { line, issues } = next(9, { ...good, recipient: BOB, reference: ' R ' });
    expect(line).toBeNull();
    expect(issues).toEqual([
      expect.objectContaining({ code: 'REFERENCE_DUPLICATE', message: expect.stringContaining('Row 2 ') }),
    ]);
  });

  test('recipient and amount are a warning, however both are written', () => {
    const next = payoutChecker(rules, (row) => `row ${row}`);
    next(2, good);
    const { line, issues } = next(3, { ...good, recipient: ALICE.toLowerCase(), amount: '1250.50' });
    expect(line).not.toBeNull();
    expect(issues).toEqual([expect.objectContaining({ code: 'PAYOUT_DUPLICATE' })]);
  });

  test('the same recipient with another amount is nothing to tell', () => {
    const next = payoutChecker(rules, (row) => `row ${row}`);
    next(2, good);
    expect(next(3, { ...good, amount: '1' }).issues).toEqual([]);
  });
});
