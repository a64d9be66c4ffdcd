import fc from 'fast-check';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { RpcRequestError } from 'viem';
import { expect, test } from 'vitest';
import type { NodeReply } from './askInTurn.ts';
import { askLogs } from './askLogs.ts';
import { Ignorance } from './ignorance.ts';
import { judgeAnswers } from './judgeAnswers.ts';
import { noteLags } from './lag.ts';
import { createNodeMetrics } from './nodeMetrics.ts';
import { FORGIVEN_AFTER_TIMES, SUSPENDED_FOR, Suspension } from './nodeState.ts';
import { PoolNode } from './poolNode.ts';
import { atBlock, kindOfQuestion } from './question.ts';
import { HEADS, isEnough, rankAnswers, TIPS } from './rankAnswers.ts';
import { MAX_RETRY_AFTER_MS, RateLimitedError, retryAfterMs } from './rateLimit.ts';
import { isSameAnswer } from './sameAnswer.ts';

const metrics = createNodeMetrics(new Registry());

function nodeAt(number?: bigint, timestamp = 0n): PoolNode {
  const logger = pino({ level: 'silent' });
  const node = new PoolNode({
    ...{ label: '1', caip2: 'eip155:1', eip155ChainId: 1, logger, metrics },
    node: { rpcUrl: 'http://127.0.0.1:1' },
  });
  if (number !== undefined) Object.defineProperty(node, 'head', { value: { number, timestamp } });
  return node;
}

const statesOf = (nodes: readonly PoolNode[]) => nodes.map((node) => node.state().state);

test('a node that flaps stays out twice as long each time, to a maximum, and is forgiven when it was well for long', () => {
  const suspension = new Suspension('FAILING');
  const { firstMs, maxMs } = SUSPENDED_FOR.FAILING;
  let now = 1_000_000_000;
  const lasts: number[] = [];
  for (let time = 0; time < 10; time++) {
    lasts.push(suspension.begin(now));
    expect(suspension.isOut(now + (lasts.at(-1) ?? 0) - 1)).toBe(true);
    // Others that were under way count for nothing.
    expect(suspension.begin(now)).toBe(lasts.at(-1));
    now += lasts.at(-1) ?? 0;
    expect(suspension.isOut(now)).toBe(false);
  }
  expect(lasts.slice(0, 4)).toEqual([1, 2, 4, 8].map((factor) => factor * firstMs));
  expect(lasts.at(-1)).toBe(maxMs);
  expect(suspension.begin(now + FORGIVEN_AFTER_TIMES * maxMs + 1)).toBe(firstMs);
});

test('a node is on another branch five times in a row: that is no reorg', () => {
  const node = nodeAt();
  for (let time = 0; time < 4; time++) node.onOtherBranch('eth_getBlockByNumber');
  expect(node.state().state).toBe('LAGGING');
  node.agreed('eth_getBlockByNumber');
  node.onOtherBranch('eth_getBlockByNumber');
  expect(node.state().state).toBe('LAGGING');
  for (let time = 0; time < 4; time++) node.onOtherBranch('eth_getBlockByNumber');
  expect(node.state()).toEqual({
    state: 'LYING',
    why: 'the others contradict it about eth_getBlockByNumber',
  });
});

test('not to know is a moment’s lag, unless it goes on: by count and by time, of one method', () => {
  const ignorance = new Ignorance();
  const met = (now: number, method = 'eth_getLogs') => ignorance.didNotKnow(method, now);
  // Many questions of one moment.
  for (let time = 0; time < 20; time++) expect(met(0)).toBe(false);
  expect(met(5_000, 'eth_getCode')).toBe(false);
  expect(met(4_999)).toBe(false);
  expect(met(5_000)).toBe(true);
  ignorance.knew('eth_getLogs');
  for (const now of [6_000, 8_000, 10_000, 11_000]) expect(met(now)).toBe(false);
  ignorance.knew('eth_getCode');
  expect(met(12_000)).toBe(true);
});

test('of three nodes one alone cannot say that the others lag; of two the lower one does', () => {
  const boaster = [nodeAt(1_000_000n, 1_000n), nodeAt(100n, 900n), nodeAt(99n, 898n)];
  noteLags(boaster);
  expect(statesOf(boaster)).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  const two = [nodeAt(106n, 1_000n), nodeAt(100n, 990n)];
  noteLags(two);
  expect(statesOf(two)).toEqual(['HEALTHY', 'LAGGING']);
  const slow = [nodeAt(101n, 1_000n), nodeAt(100n, 960n)];
  noteLags(slow);
  expect(statesOf(slow)).toEqual(['HEALTHY', 'LAGGING']);
  // Many blocks in no time are no lag.
  const fast = [nodeAt(110n, 1_000n), nodeAt(100n, 999n)];
  noteLags(fast);
  expect(statesOf(fast)).toEqual(['HEALTHY', 'HEALTHY']);
});

test('Retry-After is seconds or a date, and bounded; a limit of an answer’s length is none of requests', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs('3', now)).toBe(3_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:07 GMT', now)).toBe(7_000);
  expect(retryAfterMs('Thu, 01 Jan 2025 00:00:07 GMT', now)).toBe(0);
  expect(retryAfterMs('999999999', now)).toBe(MAX_RETRY_AFTER_MS);
  expect([retryAfterMs(null, now), retryAfterMs('soon', now)]).toEqual([null, null]);
  expect(RateLimitedError.isMeantBy({ code: -32005, message: 'daily request count exceeded' })).toBe(true);
  expect(
    RateLimitedError.isMeantBy({ code: -32005, message: 'query returned more than 10000 results' }),
  ).toBe(false);
  expect(RateLimitedError.isMeantBy({ code: -32000, message: 'nonce too low' })).toBe(false);
});

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, '0x', '0xAb', '0x01', 'text'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('hash', 'logs', 'nonce', 'size', 'type'), tie('value')),
  ),
})).value;

test('an answer is the same as itself in other letters and another order, and as nothing else', () => {
  fc.assert(
    fc.property(json, (answer) => {
      const other: unknown = JSON.parse(reordered(JSON.stringify(answer)));
      expect(isSameAnswer(answer, other)).toBe(true);
      expect(isSameAnswer(answer, { answer })).toBe(false);
      expect(isSameAnswer([answer], [answer, answer])).toBe(false);
    }),
  );
});

function reordered(text: string): string {
  const swap = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value;
  return JSON.stringify(JSON.parse(text, swap)).replaceAll('0xAb', '0xaB');
}

test('what nodes tell differently is named; all else counts', () => {
  const receipt = { status: '0x1', logs: [{ data: '0xAB', removed: false }], gasUsed: '0x5' };
  expect(isSameAnswer(receipt, { ...receipt, logs: [{ data: '0xab' }], type: '0x2' })).toBe(true);
  expect(isSameAnswer({ ...receipt, type: '0x2' }, { ...receipt, type: '0x0' })).toBe(false);
  expect(isSameAnswer(receipt, { ...receipt, status: '0x0' })).toBe(false);
  expect(isSameAnswer(receipt, { ...receipt, unheardOf: '0x0' })).toBe(false);
  // Money: told by one alone it is not believed.
  expect(isSameAnswer(receipt, { ...receipt, l1Fee: '0x1' })).toBe(false);
  expect(isSameAnswer({ size: '0x1', hash: '0x2' }, { size: '0x3', hash: '0x2' })).toBe(true);
  expect(isSameAnswer('0x01', '0x1')).toBe(false);
  const proof = { storageProof: [{ key: '0x0', value: '0x1', proof: ['0xab'] }] };
  const padded = { storageProof: [{ key: `0x${'0'.repeat(64)}`, value: '0x01', proof: ['0xab'] }] };
  expect(isSameAnswer(proof, padded)).toBe(true);
  expect(isSameAnswer(proof, { storageProof: [{ ...padded.storageProof[0], value: '0x2' }] })).toBe(false);
});

const atHash = { method: 'eth_call', params: [{}, { blockHash: '0x1' }] };
const reverted = (data: unknown, message = 'execution reverted') =>
  new RpcRequestError({ body: {}, error: { code: 3, message, data }, url: '[node]' });
const refused = (error: Error): NodeReply => ({ node: nodeAt(), kind: 'REFUSED', error });
const said = (value: unknown): NodeReply => ({ node: nodeAt(), kind: 'VALUE', value });

test('a revert is an answer: the same bytes, or bytes that one does not tell; not to know is none', () => {
  const full = refused(reverted('0xAB'));
  expect(judgeAnswers(atHash, [full, refused(reverted('Reverted 0xab'))])?.answer).toBe(full);
  expect(judgeAnswers(atHash, [full, refused(reverted(undefined))])?.answer).toBe(full);
  expect(judgeAnswers(atHash, [full, refused(reverted('0xcd'))])).toBeNull();
  expect(judgeAnswers(atHash, [full, said('0x')])).toBeNull();
  const lost = new RpcRequestError({
    body: {},
    error: { code: -32000, message: 'header not found' },
    url: '',
  });
  expect(judgeAnswers(atHash, [full, refused(lost)])).toBeNull();
  expect(judgeAnswers(atHash, [refused(lost), full, said('0x1'), said('0x1')])).toMatchObject({
    answer: { value: '0x1' },
    liars: [full.node],
  });
  const ignorant = refused(lost);
  expect(judgeAnswers(atHash, [ignorant, said('0x1'), said('0x1')])?.ignorant).toEqual([ignorant.node]);
  // Two that do not know: that says nothing for or against anybody.
  expect(judgeAnswers(atHash, [ignorant, refused(lost)])).toMatchObject({ agreed: [], ignorant: [] });
});

test('no logs is said by a node that has the block, and by no other', async () => {
  const asked = { method: 'eth_getLogs', params: [{ blockHash: '0x1', topics: [] }] };
  const node = (block: unknown, logs: unknown) => async (question: { method: string }) =>
    question.method === 'eth_getLogs' ? logs : block;
  expect(await askLogs(node({ hash: '0x1' }, []), asked)).toEqual([]);
  expect(await askLogs(node(null, []), asked)).toBeNull();
  expect(await askLogs(node({ hash: '0x2' }, []), asked)).toBeNull();
  expect(await askLogs(node(null, [{ data: '0x' }]), asked)).toEqual([{ data: '0x' }]);
  expect(judgeAnswers(asked, [said([]), said(null)])).toBeNull();
});

const blockOf = (number: string | null) => said(number === null ? null : { number, timestamp: '0x1' });

test('of heads two that are near are enough; of three, one alone moves nothing', () => {
  const newest = (...numbers: (string | null)[]) => {
    const ranked = rankAnswers(numbers.map(blockOf), HEADS);
    return isEnough(ranked, HEADS) ? ranked[1]?.rank : null;
  };
  expect(newest('0x64')).toBeNull();
  expect(newest('0x64', '0x62')).toBe(98n);
  for (const wrong of [null, '0x1', '0xffffff']) {
    expect(newest('0x64', wrong)).toBeNull();
    expect(newest(wrong, '0x64', '0x63')).toBeGreaterThanOrEqual(99n);
    expect(newest(wrong, '0x64', '0x63')).toBeLessThanOrEqual(100n);
  }
  // Before there is a final block.
  expect(newest(null, null)).toBe(-1n);
});

test('of tips the lower one of two counts, of three the middle one, and what is malformed never', () => {
  const history = (tip: string) => said({ baseFeePerGas: ['0x1'], gasUsedRatio: [0.5], reward: [[tip]] });
  const ranks = (...answers: NodeReply[]) => rankAnswers(answers, TIPS).map(({ rank }) => rank);
  expect(ranks(history('0x3b9aca00'), said({ reward: 1 }), history('0x0'))).toEqual([
    1_000_000_000n,
    1_000_000n,
  ]);
  const two = rankAnswers([history('0xba43b7400'), history('0x3b9aca00')], TIPS);
  expect(isEnough(two, TIPS)).toBe(false);
  expect(isEnough(rankAnswers([history('0x3b9aca00'), history('0x59682f00')], TIPS), TIPS)).toBe(true);
});

test('what each node may see otherwise is asked of one; what is of a block is asked by its hash', () => {
  const kinds = [
    ['SEND', 'eth_sendRawTransaction', ['0x']],
    ['OPINION', 'eth_estimateGas', [{}]],
    ['OPINION', 'eth_getTransactionCount', ['0x', 'pending']],
    ['OPINION', 'eth_maxPriorityFeePerGas', []],
    ['FEES', 'eth_feeHistory', ['0xa', 'latest', []]],
    ['HEAD', 'eth_getBlockByNumber', ['finalized', false]],
    ['HEAD', 'eth_blockNumber', []],
    ['STATE', 'eth_call', [{}]],
    ['STATE', 'eth_getTransactionCount', ['0x', '0x5']],
    ['FACT', 'eth_getBlockByNumber', ['0x5', true]],
    ['FACT', 'eth_getTransactionReceipt', ['0x']],
  ] as const;
  for (const [kind, method, params] of kinds) expect(kindOfQuestion({ method, params })).toBe(kind);
  expect(atBlock({ method: 'eth_call', params: [{}] }, '0x1')).toEqual(atHash);
});
