import { Logger, runOnce } from 'graphile-worker';
import { sql } from 'kysely';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { deployAccount } from '../../payouts/deployAccount.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { SWEEP_START, type SweepPosition, sweep } from '../../payouts/sweep.ts';
import type { PayoutsKit } from './payoutsKit.ts';

/** As many at once as a worker runs. */
const CONCURRENT_JOBS = 4;

/**
 * Runs all jobs that are due, and those that they enqueue, as a worker would, until none is left: what follows is counted
 * in blocks, and not in how fast this machine is. A job that fails is due again later.
 */
export async function runJobs(kit: PayoutsKit, engine: PayoutEngine): Promise<void> {
  await runOnce({
    connectionString: kit.testDatabase.appUrl,
    concurrency: CONCURRENT_JOBS,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: {
      'batch.advance': (payload) => advanceBatch(engine, (payload as { batchId: string }).batchId),
      'account.deploy': (payload) => deployAccount(engine, (payload as { accountId: string }).accountId),
    },
  });
}

/** Makes jobs that failed and wait due now. */
export async function retryJobs(kit: PayoutsKit): Promise<void> {
  await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs), run_at := now())`.execute(
    kit.database,
  );
}

/** @returns the batches for which a sweep asks for their next step, and where the next one goes on */
export async function sweepBatches(
  kit: PayoutsKit,
  position: SweepPosition = SWEEP_START,
): Promise<{ batchIds: string[]; position: SweepPosition }> {
  const before = await jobRevisions(kit);
  const next = await sweep(kit.engine(), position);
  const batchIds = [...(await jobRevisions(kit))].flatMap(([id, revision]) =>
    before.get(id) === revision ? [] : [id],
  );
  return { batchIds, position: next };
}

async function jobRevisions({ database }: PayoutsKit): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; revision: number }>`
    select key, revision from graphile_worker.jobs where key like 'batch.advance:%'`.execute(database);
  return new Map(rows.map(({ key, revision }) => [key.replace('batch.advance:', ''), revision]));
}
