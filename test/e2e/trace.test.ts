// One payout's story is found by its id in the logs of all processes; and no secret is.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession } from '../../cli/apiClient.ts';
import { encodeNodeId } from '../../core/ids.ts';
import { payroll } from '../../examples/generate.ts';
import type { LogLine } from '../../server/tracing/selectLines.ts';
import { runCommand } from './command.ts';
import { startStack, type TestStack } from './stack.ts';

const ROWS = 450;
/** In the second of three chunks. */
const ROW = 250;
const CHUNK = 1;

let testStack: TestStack;
let file: string;
let payoutId: string;
beforeAll(async () => {
  testStack = await startStack({ LOG_LEVEL: 'trace' });
  file = join(testStack.directory, 'payroll.csv');
  writeFileSync(file, payroll(ROWS));
  const { code, stderr } = await testStack.payroll(file).ended;
  expect(code, stderr).toBe(0);
  const [payout] = await testStack.sql<{ id: string }>('select id from payout where row_index = $1', [ROW]);
  payoutId = encodeNodeId('Payout', payout?.id ?? '');
});
afterAll(() => testStack?.remove());

async function trace(...args: string[]) {
  return runCommand('server/trace.ts', args, { DATA_DIRECTORY: testStack.dataDirectory });
}

async function story(): Promise<LogLine[]> {
  const { code, stdout, stderr } = await trace(payoutId, '--json');
  expect(code, stderr).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
}

test('the story of a payout goes through all processes, from its request to FINAL, and is its own alone', async () => {
  const lines = await story();
  const told = lines.map(({ name, event, kind, status, rows }) => {
    const own = rows?.find(({ firstRow, lastRow }) => firstRow <= ROW && ROW <= lastRow);
    return [name, event ?? kind, own?.status ?? status].filter((part) => part !== undefined).join(' ');
  });
  const inOrder = [
    'api PAYOUT_BATCH_CREATED DRAFT',
    'api APPROVAL_REQUESTED',
    'api APPROVAL_DECIDED',
    'api PAYOUT_BATCH_STATUS_CHANGED APPROVED',
    'indexer CHUNK INCLUDED',
    'indexer PAYOUTS_CHANGED CONFIRMED',
    'indexer PAYOUTS_CHANGED FINAL',
    'indexer PAYOUT_BATCH_STATUS_CHANGED COMPLETED',
  ];
  let from = 0;
  for (const step of inOrder) {
    const at = told.indexOf(step, from);
    expect(at, `${step} in\n${told.join('\n')}`).toBeGreaterThanOrEqual(from);
    from = at;
  }
  // The indexer may see a transaction in a block before its worker notes that it was sent.
  for (const kind of ['OPEN', 'CHUNK']) {
    const sent = told.findIndex((step) => new RegExp(`^worker ${kind} (BROADCAST|INCLUDED)$`).test(step));
    expect(sent, told.join('\n')).toBeGreaterThan(told.indexOf('api PAYOUT_BATCH_STATUS_CHANGED APPROVED'));
  }
  for (const line of lines) {
    expect([undefined, null, CHUNK], JSON.stringify(line)).toContain(line.chunkIndex);
    if (line.kind === 'CHUNK') expect(line).toMatchObject({ chunkIndex: CHUNK, chain: 'eip155:31337' });
    if (line.kind !== undefined) {
      const { batchId, organizationId, hash, transactionId } = line;
      expect([batchId, organizationId, hash, transactionId].map((one) => typeof one)).toEqual(
        Array(4).fill('string'),
      );
    }
  }
});

test('the request that gave the last signature is named by the worker that opened the batch', async () => {
  const lines = await story();
  const approved = lines.find(
    ({ event, status }) => event === 'APPROVAL_STATUS_CHANGED' && status === 'APPROVED',
  );
  const open = lines.find(({ name, kind }) => name === 'worker' && kind === 'OPEN');
  expect(approved?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(open?.requestId).toBe(approved?.requestId);
});

test('people get it in words; of another id there is nothing to tell', async () => {
  const { stdout } = await trace(payoutId);
  expect(stdout).toMatch(new RegExp(`^batchId=\\S+ row=${ROW} chunkIndex=${CHUNK}\n`));
  expect(stdout).toMatch(/indexer {2}recorded {2}event=PAYOUTS_CHANGED status=FINAL/);
  expect(stdout).toMatch(/\nnow: status=FINAL batchStatus=COMPLETED blocker=none\n$/);
  const unknown = await trace(encodeNodeId('Payout', crypto.randomUUID()));
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toMatch(/^There is no payout /);
});

test('every transaction of ours is counted once in each status that it went through, and in no other', async () => {
  const { operations } = testStack.stack;
  const texts = await Promise.all(
    [operations.worker, operations.indexer].map(async (url) => (await fetch(`${url}/metrics`)).text()),
  );
  const totals = new Map<string, number>();
  for (const [, kind, status, count] of texts
    .join('\n')
    .matchAll(/^payout_transaction_total\{.*kind="(\w+)",status="(\w+)"\} (\d+)$/gm)) {
    const key = `${kind} ${status}`;
    totals.set(key, (totals.get(key) ?? 0) + Number(count));
  }
  for (const [kind, count] of [
    ['ACCOUNT', 1],
    ['CHUNK', 3],
    ['OPEN', 1],
  ] as const) {
    for (const status of ['INCLUDED', 'CONFIRMED', 'FINAL']) {
      expect([kind, status, totals.get(`${kind} ${status}`)]).toEqual([kind, status, count]);
    }
    // Counted when it is noted that they were sent; that is left out where the indexer settles them at this moment.
    for (const status of ['SIGNED', 'BROADCAST']) {
      expect(totals.get(`${kind} ${status}`) ?? 0, `${kind} ${status}`).toBeLessThanOrEqual(count);
    }
  }
  expect([...totals.keys()].some((key) => key.endsWith(' SIGNED'))).toBe(true);
  const known = /^(ACCOUNT|CHUNK|OPEN) (SIGNED|BROADCAST|INCLUDED|CONFIRMED|FINAL)$/;
  expect([...totals.keys()].filter((key) => !known.test(key))).toEqual([]);
  expect(texts[1]).toMatch(/^payout_processing_duration_seconds_count\{.*stage="final"\} 3$/m);
  // How much is paid is nobody's business who can reach the API.
  expect((await fetch(`${testStack.stack.api}/metrics`)).status).toBe(404);
});

test('no key, token, password or payee is in any line, even of the most talkative level', async () => {
  const { stack, dataDirectory } = testStack;
  const [alice] = stack.demo.approvers;
  const token = await openSession(stack.api, privateKeyToAccount(alice?.privateKey as Hex), stack.chainId);
  const answer = await fetch(`${stack.api}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  });
  expect(answer.status).toBe(200);
  const logs = readdirSync(join(dataDirectory, 'logs')).map((name) =>
    readFileSync(join(dataDirectory, 'logs', name), 'utf8'),
  );
  const text = logs.join('\n').toLowerCase();
  expect(text.length).toBeGreaterThan(10_000);
  const recipients = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => /0x[0-9a-fA-F]{40}/.exec(line)?.[0] ?? []);
  expect(recipients).toHaveLength(ROWS);
  const relayerKeys = readFileSync(join(dataDirectory, 'relayer-key'), 'utf8').trim().split('\n');
  expect(relayerKeys).toHaveLength(2);
  const secrets = [
    token,
    ...stack.demo.approvers.map(({ privateKey }) => privateKey.slice(2)),
    ...relayerKeys.map((key) => key.replace(/^0x/, '')),
    new URL(stack.postgres).password,
    ...recipients,
  ];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(15);
    expect(text.includes(secret.toLowerCase()), secret).toBe(false);
  }
});
