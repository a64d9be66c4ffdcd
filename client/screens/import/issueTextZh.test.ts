import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { describeLookAlike, type LookAlike } from '../../../payroll/checks/lookAlikes.ts';
import { payoutChecker } from '../../../payroll/checks/payoutChecker.ts';
import { recognizeColumns } from '../../../payroll/file/recognizeColumns.ts';
import { issueTextZh } from './issueTextZh.ts';

const told = (code: string, message: string, value: string | null = null) =>
  issueTextZh({ code, message, value });

test('every kind of issue has its sentence, whatever the server says about it', () => {
  const schema = parse(readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'));
  const codes = schema.definitions
    .flatMap((each) =>
      each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === 'ImportIssueCode'
        ? (each.values ?? [])
        : [],
    )
    .map(({ name }) => name.value);
  expect(codes.length).toBeGreaterThan(0);
  for (const code of codes) {
    const text = told(code, 'Something nobody expected.');
    expect(text, code).toMatch(/[\u4e00-\u9fff]/);
    expect(text, code).not.toMatch(/null|undefined|expected/);
  }
});

test('a kind that is not known yet is told in the server’s words', () => {
  expect(told('OF_TOMORROW', 'The moon is full.')).toBe('The moon is full.');
});

test('rows, limits and names are those of the server’s sentence', () => {
  expect(told('REFERENCE_TOO_LONG', 'The reference has 214 characters; at most 200 are kept.')).toContain(
    '214 个字符，最多 200 个',
  );
  const message = 'The batch “March” (pending approval) carries the same reference. Make sure …';
  expect(told('REFERENCE_PAID_BEFORE', message)).toContain('批次“March”');
  expect(
    told('NO_ACCOUNT_FOR_DESTINATION', 'Ada B. is paid in EURC on Base. Name an account to pay that from.'),
  ).toBe('Ada B.收取的是 EURC（Base）。请选择支付它的账户。');
});

test('what the checks say today is understood', () => {
  const payer = '0x1111111111111111111111111111111111111111' as const;
  const recipient = '0x2222222222222222222222222222222222222222';
  const rules = {
    decimals: 6,
    payer,
    token: payer,
    chainName: 'Base',
    factory: payer,
    implementation: payer,
  };
  const check = payoutChecker(rules, (row) => `row ${row}`);
  const payout = { recipient, amount: '1.5', memo: null, reference: 'R-1' };
  check(2, payout);
  const texts = check(3, { ...payout, amount: '1.5' }).issues.map(issueTextZh);
  expect(texts.join()).toContain('第 2 行');
  const [precise] = check(4, { ...payout, amount: '0.12345678', reference: null }).issues.map(issueTextZh);
  expect(precise).toContain('最多 6 位小数');
});

test('whose address is imitated is said', () => {
  const lookAlike: LookAlike = {
    row: 3,
    recipient: '0x2222222222222222222222222222222222222222',
    of: '0x2222333333333333333333333333333333332222',
    kind: 'PAYEE',
    name: 'Ada',
    ofRow: null,
  };
  const text = (each: LookAlike) =>
    told(
      'POSSIBLE_ADDRESS_POISONING',
      describeLookAlike(each, (row) => `row ${row}`),
    );
  expect(text(lookAlike)).toContain(`与Ada的地址（${lookAlike.of}）相似`);
  expect(text({ ...lookAlike, kind: 'SAME_FILE', name: null, ofRow: 7 })).toContain('第 7 行的地址');
  expect(text({ ...lookAlike, of: lookAlike.recipient })).toContain('极小金额');
});

test('the column names that are advised are those of the guide, in Chinese first', () => {
  const guide = readFileSync(new URL('../../../docs/guides/payroll-files.md', import.meta.url), 'utf8');
  const { faults } = recognizeColumns(['x'], 'USDC');
  const texts = faults.map(({ code, message }) => told(code, message));
  expect(texts).toEqual([
    '没有任何一列表示收款地址。请在表头中命名，例如“收款地址”、“钱包地址”、“recipient”、“address”、“wallet”。',
    '没有任何一列表示金额。请在表头中命名，例如“金额”、“数量”、“amount”、“payment amount”、“value”。',
  ]);
  for (const { message } of faults) {
    const names = [...message.matchAll(/“(.+?)”/g)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(guide, name).toContain(name);
    // Each is a name that is recognized.
    for (const name of names) expect(recognizeColumns([name], 'USDC').faults.length, name).toBe(1);
  }
});
