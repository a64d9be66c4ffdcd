import { expect, test } from 'vitest';
import { printLine } from './printLine.ts';
import { type LogLine, readLine, selectLines } from './selectLines.ts';

const PAYOUT = {
  organizationId: 'organization',
  accountId: 'account',
  chain: 'eip155:1',
  now: { status: 'PENDING', batchStatus: 'APPROVED', blocker: null, scope: null },
  batchId: 'batch',
  rowIndex: 250,
  chunkIndex: 1,
  transactionIds: new Set(['open', 'chunk 1']),
  hashes: new Set(['0xabc']),
} as const;

let second = 0;
function line(fields: Partial<LogLine>): LogLine {
  second += 1;
  const time = new Date(second * 1_000).toISOString();
  const read = readLine(JSON.stringify({ level: 30, time, name: 'worker', msg: 'it happened', ...fields }));
  if (read === null) throw new Error('No line.');
  return read;
}

test.each([
  ['its batch as a whole', { batchId: 'batch' }, true],
  ['another batch', { batchId: 'other' }, false],
  ['its chunk', { batchId: 'batch', chunkIndex: 1 }, true],
  ['another chunk', { batchId: 'batch', chunkIndex: 2 }, false],
  ['its row', { batchId: 'batch', rows: [{ firstRow: 200, lastRow: 250 }] }, true],
  [
    'rows around it',
    { batchId: 'batch', rows: [0, 251].map((row) => ({ firstRow: row, lastRow: row + 9 })) },
    false,
  ],
  ['the first chunk, whose index is 0', { batchId: 'batch', chunkIndex: 0 }, false],
  ['a transaction of its own', { transactionId: 'chunk 1' }, true],
  ['another chunk’s transaction, of the same batch', { batchId: 'batch', transactionId: 'chunk 2' }, false],
  ['a hash alone', { hash: '0xabc' }, true],
  ['a pause of its account', { event: 'ACCOUNT_PAUSED', accountId: 'account' }, true],
  ['another account’s resume', { event: 'ACCOUNT_RESUMED', accountId: 'other' }, false],
  [
    'a pause of its chain, by its organization',
    { event: 'CHAIN_PAUSED', chain: 'eip155:1', organizationId: 'organization' },
    true,
  ],
  [
    'another organization’s pause of its chain',
    { event: 'CHAIN_PAUSED', chain: 'eip155:1', organizationId: 'other' },
    false,
  ],
  [
    'something else on its chain',
    { chain: 'eip155:1', organizationId: 'organization', requestId: 'somebody’s' },
    false,
  ],
  ['a request that nothing else of it names', { requestId: 'somebody’s' }, false],
])('%s', (_, fields, isChosen) => {
  expect(selectLines([line(fields)], PAYOUT)).toHaveLength(isChosen ? 1 : 0);
});

test('what was logged for a request behind it comes too, by time', () => {
  const asked = line({ name: 'api', requestId: 'r', msg: 'operation' });
  const done = line({ name: 'worker', requestId: 'r', batchId: 'batch' });
  const others = line({ name: 'worker', requestId: 'r', batchId: 'other' });
  expect(selectLines([others, done, asked], PAYOUT)).toEqual([asked, done]);
});

test.each(['', 'no JSON', '[]', '{}', '{"time":"t","name":"api","msg":"of nobody"}'])(
  '%j is no line of it',
  (text) => {
    expect(readLine(text)).toBeNull();
  },
);

test('people see the status of its own row, and an error’s message', () => {
  const rows = [
    { firstRow: 0, lastRow: 199, status: 'FINAL' },
    { firstRow: 200, lastRow: 399, status: 'INCLUDED' },
  ];
  const printed = printLine(line({ batchId: 'batch', status: 'EXECUTING', rows }), PAYOUT.rowIndex);
  expect(printed).toMatch(/Z {2}worker {3}it happened {2}status=INCLUDED$/);
  const failed = printLine(line({ batchId: 'batch', err: { message: 'no answer', stack: 'far away' } }), 250);
  expect(failed).toMatch(/it happened: no answer$/);
});
