import { createRandom, type Random } from '../e2e/random.ts';
import type { NodeFault, NodeFaultPlan, NodeFaultRule } from '../kit/nodeFaults.ts';
import { NODE_LIES } from '../kit/nodeLies.ts';
import { drawControl, PAUSE_KILL_POINTS } from './drawControl.ts';
import { chance, list, PHASES, pick } from './draws.ts';
import {
  type CallPoint,
  type KillPoint,
  NODE_COUNT,
  type Plan,
  type PlannedAccount,
  type PlannedBatch,
  type PlannedChainFault,
  type PlannedKill,
  ROLES,
  type Role,
  type StatementPoint,
} from './plan.ts';

const MAX_ACCOUNTS = 3;
const MAX_BATCHES = 4;
const MAX_ROWS = 450;
const LAST_SUBMIT_TICK = 12;
const QUIET_TICK = 40;
/** Keys that the worker signs with, each a lane. */
const MAX_RELAYERS = 3;
const MAX_KILLS = 5;
const MAX_CHAIN_FAULTS = 5;
/** Below what makes a block final: deeper ones are not survived by anybody. */
const MAX_REORG_DEPTH = 4;
const MAX_STALL_MS = 3_000;
/** What it adds to a seed gives another, whose draws leave the seed's own as they are. */
const CONTROL_STREAM = 2 ** 30;

/** What each process says on its way from an approval to a final payout. */
const STATEMENTS: Readonly<Record<Role, readonly { match: string; most: number }[]>> = {
  worker: [
    { match: 'insert into "chain_transaction"', most: 4 },
    { match: 'update "relayer_lane"', most: 4 },
    { match: 'insert into "relayer_lane"', most: 4 },
    { match: 'update "payout_chunk"', most: 4 },
    { match: 'update "chain_transaction"', most: 5 },
    { match: 'commit', most: 20 },
    { match: 'begin', most: 20 },
    { match: '', most: 150 },
  ],
  indexer: [
    { match: 'update "chain_transaction"', most: 8 },
    { match: 'update "payout_batch"', most: 6 },
    { match: 'commit', most: 30 },
    { match: 'begin', most: 30 },
    { match: '', most: 400 },
  ],
  api: [
    { match: 'insert into "payout_batch"', most: 2 },
    { match: 'insert into "approval', most: 4 },
    { match: 'commit', most: 15 },
    { match: '', most: 150 },
  ],
};
const CALLS: Readonly<Partial<Record<Role, readonly { match: string; most: number }[]>>> = {
  worker: [
    { match: 'eth_sendRawTransaction', most: 4 },
    { match: 'eth_getTransactionCount', most: 8 },
    { match: 'eth_call', most: 6 },
    { match: '', most: 60 },
  ],
  indexer: [
    { match: 'eth_getBlockByNumber', most: 20 },
    { match: 'eth_getLogs', most: 20 },
    { match: '', most: 80 },
  ],
};

/** Every place that a seed may draw for a kill. */
export const KILL_POINTS: readonly KillPoint[] = [
  ...ROLES.flatMap((role) => [
    ...STATEMENTS[role].map(({ match }): KillPoint => ({ role, via: 'SQL', match })),
    ...(CALLS[role] ?? []).map(({ match }): KillPoint => ({ role, via: 'RPC', match })),
  ]),
  ...PAUSE_KILL_POINTS,
];

/** Everything a seed stands for. */
export function drawPlan(seed: number): Plan {
  const random = createRandom(seed);
  const accounts = drawAccounts(random);
  const batches = list(random.between(1, MAX_BATCHES), () => drawBatch(random, accounts.length));
  const control = drawControl(createRandom(seed + CONTROL_STREAM), { accounts, batches });
  return {
    seed,
    relayerCount: random.between(1, MAX_RELAYERS),
    accounts,
    batches: control.batches,
    pauses: control.pauses,
    kills: [...list(random.between(1, MAX_KILLS), () => drawKill(random)), ...control.kills],
    chainFaults: list(random.between(0, MAX_CHAIN_FAULTS), () =>
      drawChainFault(random, accounts.length, batches.length),
    ).sort((left, right) => left.tick - right.tick),
    nodeFaults: {
      worker: drawNodes(random, `${seed} worker`),
      indexer: drawNodes(random, `${seed} indexer`),
      api: Array.from({ length: NODE_COUNT }, () => null),
    },
    quietTick: QUIET_TICK,
  };
}

function drawAccounts(random: Random): PlannedAccount[] {
  let organization = 0;
  return list(random.between(1, MAX_ACCOUNTS), (index) => {
    if (index > 0 && chance(random, 500)) organization += 1;
    return { organization };
  });
}

function drawBatch(random: Random, accountCount: number): PlannedBatch {
  const rowCount = pick(random, [
    1,
    1,
    3,
    random.between(2, 60),
    random.between(199, 202),
    random.between(300, MAX_ROWS),
  ]);
  const isRefused = chance(random, 250);
  const blockedRows = isRefused
    ? [
        ...new Set(list(random.between(1, Math.min(3, rowCount)), () => random.between(0, rowCount - 1))),
      ].sort((left, right) => left - right)
    : [];
  const submitTick = random.between(0, LAST_SUBMIT_TICK);
  return {
    account: random.between(0, accountCount - 1),
    rowCount,
    submitTick,
    by: pick(random, ['FILE', 'ROWS']),
    blockedRows,
    unblockTick: isRefused ? submitTick + random.between(1, 25) : null,
    cancelTick: isRefused || chance(random, 120) ? submitTick + random.between(isRefused ? 4 : 0, 22) : null,
  };
}

function drawKill(random: Random): PlannedKill {
  const asker = pick(random, ['worker', 'worker', 'worker', 'indexer', 'indexer', 'api'] as const);
  const victim = pick(random, [asker, asker, asker, asker, asker, 'connection', 'postgres'] as const);
  return {
    ...{ victim, asker, at: drawPoint(random, asker), phase: pick(random, PHASES) },
    isEarly: chance(random, 200),
  };
}

function drawPoint(random: Random, asker: Role): StatementPoint | CallPoint {
  const calls = CALLS[asker];
  if (calls !== undefined && chance(random, 400)) {
    const { match, most } = pick(random, calls);
    return { via: 'RPC', match, nth: random.between(1, most), node: random.between(0, NODE_COUNT - 1) };
  }
  const { match, most } = pick(random, STATEMENTS[asker]);
  return { via: 'SQL', match, nth: random.between(1, most) };
}

function drawChainFault(random: Random, accountCount: number, batchCount: number): PlannedChainFault {
  const tick = random.between(1, QUIET_TICK - 5);
  const batch = random.between(0, batchCount - 1);
  switch (random.between(0, 8)) {
    case 0:
    case 1:
      return { tick, kind: 'REORG', depth: random.between(1, MAX_REORG_DEPTH) };
    case 2: {
      const gwei = BigInt(pick(random, [20, 200, 450, 800]));
      return { tick, kind: 'FEE_SPIKE', baseFeeWei: String(gwei * 1_000_000_000n) };
    }
    case 3:
      return { tick, kind: 'PURGE' };
    case 4:
      return { tick, kind: 'SAFE_NONCE', account: random.between(0, accountCount - 1) };
    case 5:
      return { tick, kind: 'STRANGER_EXECUTES', batch };
    case 6:
      return { tick, kind: 'STALL', ms: random.between(300, MAX_STALL_MS) };
    case 7:
      return { tick, kind: 'KEY_USED', relayer: random.between(0, MAX_RELAYERS - 1) };
    default:
      return { tick, kind: 'STRANGER_RETRIES', batch };
  }
}

/** One node at most is unwell at a time: what a majority lies about, nobody can know. */
function drawNodes(random: Random, seed: string): (NodeFaultPlan | null)[] {
  const unwell = random.between(0, NODE_COUNT);
  return list(NODE_COUNT, (node) =>
    node === unwell
      ? { seed: `${seed} ${node}`, rules: list(random.between(1, 3), () => drawRule(random)) }
      : null,
  );
}

function drawRule(random: Random): NodeFaultRule {
  const fault = pick<NodeFault>(random, [
    { kind: 'DROP_BEFORE' },
    { kind: 'DROP_AFTER' },
    { kind: 'DELAY', ms: random.between(20, 400) },
    { kind: 'REORDER', maxMs: 200 },
    { kind: 'RATE_LIMIT', retryAfterSeconds: 1 },
    { kind: 'LIMIT_EXCEEDED' },
    { kind: 'DUPLICATE' },
    { kind: 'ERROR_AFTER' },
    { kind: 'LAG', blocks: random.between(1, 3) },
    { kind: 'LIE', lie: pick(random, NODE_LIES) },
    { kind: 'LIE', lie: pick(random, NODE_LIES) },
    { kind: 'LIE', lie: pick(random, NODE_LIES) },
  ]);
  const rule = { perMille: random.between(20, 400), fault };
  return chance(random, 400) ? { ...rule, methods: ['eth_sendRawTransaction'] } : rule;
}
