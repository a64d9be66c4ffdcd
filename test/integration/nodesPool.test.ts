import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TooFewNodesError } from '../../chains/evm/client/nodes/inconclusive.ts';
import { sendRawTransaction } from '../../chains/evm/client/sendRawTransaction.ts';
import { type AskedNodes, isCausedBy, startAskedNodes, UNTIL } from './nodesAsked.ts';
import { disturb } from './nodesKit.ts';

// Nodes that are down, behind, of another chain or want a rest: who is asked, and who gets what is sent.

const SEND = ['eth_sendRawTransaction'];

let world: AskedNodes;
beforeAll(async () => {
  world = await startAskedNodes();
});
afterEach(() => world.stopNodes());
afterAll(() => world?.stop());

test('a node that breaks: the next one answers; it comes back, each time', async () => {
  const nodes = await world.nodesOf(2);
  for (let round = 0; round < 2; round++) {
    await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
    await nodes.node(1).refuse();
    await expect
      .poll(async () => {
        expect(await nodes.pool.client.getBlockNumber()).toBeGreaterThan(0n);
        return nodes.states();
      }, UNTIL)
      .toEqual(['FAILING', 'HEALTHY']);
    await nodes.node(1).accept();
    await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  }
  expect(await nodes.counter('rpc_node_demotions_total', 'reason="FAILING"')).toBe(2);
});

test('one of two is down: nothing is concluded; it is back: everything goes on', async () => {
  const nodes = await world.nodesOf(2);
  await nodes.node(2).refuse();
  await expect(world.ask(nodes).status()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
  await expect(nodes.pool.checked.getBlockNumber()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
  // What blocks will decide about goes on.
  expect(await nodes.pool.client.getTransactionReceipt({ hash: world.hash })).toMatchObject({
    status: 'success',
  });
  expect(await nodes.counter('rpc_cross_check_total', 'outcome="too_few"')).toBeGreaterThan(0);
  await nodes.node(2).accept();
  await expect
    .poll(
      () =>
        world
          .ask(nodes)
          .status()
          .catch(() => null),
      UNTIL,
    )
    .toBe('success');
});

test('all nodes are down, and back', async () => {
  const nodes = await world.nodesOf(3);
  await Promise.all([1, 2, 3].map((number) => nodes.node(number).refuse()));
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['FAILING', 'FAILING', 'FAILING']);
  await expect(nodes.pool.client.getBlockNumber()).rejects.toThrow('ECONNREFUSED');
  expect(nodes.pool.canBeAsked()).toBe(false);
  await Promise.all([1, 2, 3].map((number) => nodes.node(number).accept()));
  // The last resort: nobody waits for a breaker when all are open.
  expect(await world.ask(nodes).status()).toBe('success');
  // Nor does work, for as long as nodes stay out that have failed often.
  expect(nodes.pool.canBeAsked()).toBe(true);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
});

test('a node that lags is told and not asked; what is newest is what two have', async () => {
  const nodes = await world.nodesOf(3);
  nodes.node(1).setPlan({ seed: 'lag', rules: [], lagBlocks: 8 });
  await world.chain.client.mine({ blocks: 10, interval: 2 });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
  const head = await world.chain.client.getBlockNumber();
  expect(await nodes.pool.client.getBlockNumber()).toBe(head);
  expect(await nodes.pool.checked.getBlockNumber()).toBe(head);
  nodes.node(1).setPlan(null);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  const two = await world.nodesOf(2);
  two.node(1).setPlan({ seed: 'lag', rules: [], lagBlocks: 3 });
  expect(await two.pool.checked.getBlockNumber()).toBe(head - 3n);
});

test('a node that wants a rest gets it', async () => {
  const nodes = await world.nodesOf(2);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  disturb(nodes.node(1), { kind: 'RATE_LIMIT', retryAfterSeconds: 60 });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['RATE_LIMITED', 'HEALTHY']);
  const calls = nodes.node(1).callCount();
  disturb(nodes.node(1), null);
  for (let count = 0; count < 20; count++) await nodes.pool.client.getBlockNumber();
  await expect(world.ask(nodes).status()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
  expect(nodes.node(1).callCount()).toBe(calls);
});

test('a node that wanted a rest comes back after it, and not before', async () => {
  const nodes = await world.nodesOf(2);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  const began = performance.now();
  disturb(nodes.node(1), { kind: 'RATE_LIMIT', retryAfterSeconds: 2 });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['RATE_LIMITED', 'HEALTHY']);
  disturb(nodes.node(1), null);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  expect(performance.now() - began).toBeGreaterThan(1_800);
  disturb(nodes.node(2), { kind: 'LIMIT_EXCEEDED' });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'RATE_LIMITED']);
});

test('a node of another chain is never asked; when all are, it is said', async () => {
  const nodes = await world.nodesOf(3);
  disturb(nodes.node(2), { kind: 'LIE', lie: 'CHAIN_ID_CHANGED' });
  expect(await nodes.pool.whichChain()).toBe('RIGHT');
  expect(nodes.states()).toEqual(['HEALTHY', 'WRONG_CHAIN', 'HEALTHY']);
  expect(await world.ask(nodes).status()).toBe('success');
  expect([...nodes.node(2).callCounts().keys()]).toEqual(['eth_chainId']);
  const others = await world.nodesOf(2, 1);
  expect(await others.pool.whichChain()).toBe('WRONG');
  await expect(others.pool.client.getBlockNumber()).rejects.toThrow('no node can be asked');
});

test('sends go to all nodes: taken by one is taken, whatever the other says', async () => {
  const nodes = await world.nodesOf(2);
  disturb(nodes.node(1), { kind: 'ERROR_AFTER' }, SEND);
  const outcome = await sendRawTransaction(nodes.pool.client, await world.signed());
  // The pool behind both is one: whoever comes second is told that it has these bytes.
  expect(outcome.kind === 'REFUSED' ? outcome.reason : 'ACCEPTED').toMatch(/^(ACCEPTED|ALREADY_KNOWN)$/);
  await nodes.node(1).refuse();
  expect(await sendRawTransaction(nodes.pool.client, await world.signed())).toEqual({ kind: 'ACCEPTED' });
  expect(nodes.node(2).sent()).toHaveLength(2);
});

test('an answer that is lost weighs more than a refusal; when all refuse, what says most is told', async () => {
  const nodes = await world.nodesOf(2);
  const used = await world.signed();
  await world.chain.client.sendRawTransaction({ serializedTransaction: used });
  await world.chain.mine();
  disturb(nodes.node(1), { kind: 'DROP_AFTER' }, SEND);
  expect(await sendRawTransaction(nodes.pool.client, used)).toMatchObject({ kind: 'UNKNOWN' });
  disturb(nodes.node(1), null);
  expect(await sendRawTransaction(nodes.pool.client, used)).toMatchObject({
    kind: 'REFUSED',
    reason: 'NONCE_USED',
  });
});

test('hints of heads come from every node', async () => {
  const nodes = await world.nodesOf(2);
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = nodes.pool.watch(() => resolve());
  await expect.poll(async () => (await nodes.told()).match(/tells of new heads/g)?.length, UNTIL).toBe(2);
  await nodes.node(1).refuse();
  await world.chain.mine();
  await promise;
  end();
});

test('nothing of a node’s URL is told', async () => {
  const nodes = await world.nodesOf(2);
  await nodes.node(1).refuse();
  await nodes.node(2).refuse();
  const error = await nodes.pool.checked.getBlockNumber().catch((thrown: unknown) => thrown);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['FAILING', 'FAILING']);
  const told = `${await nodes.told()} ${JSON.stringify(error)} ${String(error)}`;
  for (const number of [1, 2]) expect(told).not.toContain(new URL(nodes.node(number).rpcUrl).port);
});
