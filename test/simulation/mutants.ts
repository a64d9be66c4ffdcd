import type { Edit } from './bundleSystem.ts';
import { NODE_COUNT, type Plan } from './plan.ts';

/** The system, broken in one way, and a plan under which that must be seen. */
export type Mutant = {
  readonly name: string;
  /** What must be found broken, among whatever else is. */
  readonly invariant: string;
  readonly plan: Plan;
  readonly edits: readonly Edit[];
};

const NOTHING: Plan = {
  seed: 0,
  relayerCount: 1,
  accounts: [{ organization: 0 }],
  batches: [],
  pauses: [],
  kills: [],
  chainFaults: [],
  nodeFaults: {
    worker: Array.from({ length: NODE_COUNT }, () => null),
    indexer: Array.from({ length: NODE_COUNT }, () => null),
    api: Array.from({ length: NODE_COUNT }, () => null),
  },
  quietTick: 20,
};
const BATCH = {
  account: 0,
  rowCount: 3,
  submitTick: 0,
  by: 'ROWS',
  blockedRows: [],
  unblockTick: null,
  cancelTick: null,
} as const;

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'sent before it is stored',
    invariant: 'stored-before-sent',
    // The worker dies with its database transaction open, when a node has the bytes already.
    plan: {
      ...NOTHING,
      seed: 1_000_001,
      batches: [BATCH],
      kills: [
        {
          ...{ victim: 'worker', asker: 'worker', phase: 'BEFORE', isEarly: false },
          at: { via: 'SQL', match: 'insert into "chain_transaction"', nth: 1 },
        },
      ],
    },
    edits: [
      {
        file: 'payouts/relayer/lane.ts',
        find: '  const inserted = await database\n',
        replace: `  await Promise.allSettled(
    signed.map(({ rawTransaction }) =>
      lane.client.sendRawTransaction({ serializedTransaction: '0x' + rawTransaction.toString('hex') }),
    ),
  );
  const inserted = await database\n`,
      },
    ],
  },
  {
    name: 'a fresh nonce for what is sent again',
    invariant: 'executed-once',
    // The chain stands still while the worker dies with an open in the pool, and comes back.
    plan: {
      ...NOTHING,
      seed: 1_000_002,
      // Nothing to send before the chain stands.
      batches: [{ ...BATCH, submitTick: 1 }],
      chainFaults: [{ tick: 1, kind: 'STALL', ms: 180_000, until: 'SENT_AGAIN' }],
      kills: [
        {
          ...{ victim: 'worker', asker: 'worker', phase: 'AFTER', isEarly: false },
          at: { via: 'RPC', match: 'eth_sendRawTransaction', nth: 1, node: 0 },
        },
      ],
    },
    edits: [
      {
        file: 'payouts/recover.ts',
        find: '  const transactions = stored.flatMap(',
        replace:
          '  const transactions = lane.key !== null ? await signAnew(engine, lane, stored) : stored.flatMap(',
      },
      {
        file: 'payouts/recover.ts',
        find: "/** A lane's transactions that no block is known to have decided about",
        replace: `import { parseTransaction, toHex as hexOf } from 'viem';
import { unitOfWork as inOne } from '../events/unitOfWork.ts';
import { lockLane, readLane, signNext } from './relayer/lane.ts';

async function signAnew(engine: PayoutEngine, lane: RecoveredLane, stored: readonly { id: string }[]) {
  if (lane.key === null) return [];
  const current = await readLane(engine, lane, lane.key);
  const rows = await engine.log.database
    .selectFrom('chainTransaction')
    .selectAll()
    .where('id', 'in', stored.map(({ id }) => id))
    .orderBy('nonce')
    .execute();
  const drafts = rows.map((row: any) => {
    const { to, data } = parseTransaction(hexOf(row.rawTransaction)) as any;
    return { ...row, to, data: data ?? '0x' };
  });
  const { value } = await inOne(engine.log, async (work) =>
    signNext(work.database, await lockLane(work.database, current), drafts),
  );
  return value;
}

/** A lane's transactions that no block is known to have decided about`,
      },
    ],
  },
  {
    name: 'rows are paid again before their close is final',
    invariant: 'paid-at-most-once',
    // The payers ask at once for what was refused; then the token pays, and a stranger has the first vault pay, too.
    plan: {
      ...NOTHING,
      seed: 1_000_003,
      batches: [{ ...BATCH, blockedRows: [1], unblockTick: 30 }],
      chainFaults: [32, 36, 40, 46, 54].map((tick) => ({ tick, kind: 'STRANGER_RETRIES', batch: 0 })),
      quietTick: 60,
    },
    edits: [
      {
        file: 'resolvers/payoutBatch/payoutBatchRetryFailed.ts',
        find: "  if ((status === 'PARTIALLY_FAILED' || status === 'FAILED') && closedAtBlock !== null) return;\n",
        replace: "  if (status !== 'DRAFT' || closedAtBlock !== null) return;\n",
      },
      {
        file: 'resolvers/payoutBatch/payoutBatchRetryFailed.ts',
        find: "    .where('failed.status', '=', 'FAILED')\n",
        replace: "    .where('failed.status', 'in', ['FAILED', 'UNDELIVERED'])\n",
      },
    ],
  },
  {
    name: 'what is paused is signed all the same',
    invariant: 'pauses-hold',
    plan: {
      ...NOTHING,
      seed: 1_000_004,
      batches: [{ ...BATCH, submitTick: 2 }],
      pauses: [{ scope: 'ACCOUNT', batch: 0, tick: 0, resumeTick: 39 }],
      quietTick: 40,
    },
    edits: [
      { file: 'payouts/isPaused.ts', find: '  return scope !== null;\n', replace: '  return false;\n' },
      {
        file: 'payouts/findPause.ts',
        find: '  return (await findPause(database, batch)) !== null;\n',
        replace: '  return false;\n',
      },
    ],
  },
];
