import { Logger as JobLogger, type TaskList } from 'graphile-worker';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { required } from '../../core/errors.ts';
import type { JobName, JobPayloads } from '../../core/jobs.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { deployAccount } from '../../payouts/deployAccount.ts';
import { createEngineGauges } from '../../payouts/engineGauges.ts';
import { createEngineMetrics } from '../../payouts/engineMetrics.ts';
import { observeFees } from '../../payouts/fees/observeFees.ts';
import { findJobChain } from '../../payouts/findJobChain.ts';
import { forgetJobs } from '../../payouts/forgetJobs.ts';
import { JobsUnderWay } from '../../payouts/jobsUnderWay.ts';
import { withFields } from '../../payouts/logFields.ts';
import { PausesTold } from '../../payouts/pausesTold.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { openKeyFile } from '../../payouts/relayer/keyFile.ts';
import { registerLanes } from '../../payouts/relayer/registerLanes.ts';
import type { RelayerKey } from '../../payouts/relayer/relayerKey.ts';
import { SWEEP_START, sweep } from '../../payouts/sweep.ts';
import { createPlainPool } from '../../prisma/database.ts';
import { pruneUploads } from '../../resolvers/upload/pruneUploads.ts';
import { EnvironmentError, type RelayerSource } from '../env.ts';
import { feePolicyOf } from '../feeConfig.ts';
import type { Logger } from '../logger.ts';
import { addNodeChecks } from '../readiness.ts';
import { refusePublicKey } from '../refusePublicKey.ts';
import { startLoop } from '../startLoop.ts';
import { startJobRunner } from './jobRunner.ts';
import type { RoleDependencies, RunningRole } from './role.ts';

const MAX_CONCURRENT_JOBS = 4;
/** One listens, each job takes one to begin and one to end, and the runner looks after what others left locked. */
const JOB_CONNECTIONS = 10;
/** NOTIFY starts jobs at once; this finds those whose time came, or whose hint was lost. */
const JOB_POLL_INTERVAL_MS = 1_000;
const SWEEP_INTERVAL_MS = 2_000;
const RECOVER_INTERVAL_MS = 2_000;
const OBSERVE_FEES_INTERVAL_MS = 5_000;
const PRUNE_UPLOADS_INTERVAL_MS = 600_000;
const FORGET_JOBS_INTERVAL_MS = 60_000;

/**
 * Runs the payout engine: jobs as they are enqueued, a sweep for what has none, and recovery of what was signed; and
 * forgets uploads that nobody finished, and jobs that failed after another took their place. Any number of workers may run
 * at once, with the same relayer keys or others.
 * @throws EnvironmentError without a relayer key, or with a public one where money is real; KeyFileError when one does not open
 */
export async function startWorker(dependencies: RoleDependencies): Promise<RunningRole> {
  const { environment, log, logger, chains, nodePools, health } = dependencies;
  const relayers = await openRelayers(environment.relayer);
  for (const { address } of relayers) refusePublicKey(address, environment.chains);
  const engine: PayoutEngine = {
    log,
    logger,
    relayers,
    chains: new Map(
      chains.map((chain) => {
        const { client, checked, canBeAsked } = nodePools.of(chain);
        return [chain.eip155ChainId, { client, checked, canBeAsked, fees: feePolicyOf(chain.config) }];
      }),
    ),
    metrics: createEngineMetrics(dependencies.registry),
    pausesTold: new PausesTold(),
  };
  createEngineGauges(dependencies.registry, log.database);
  for (const chain of chains) addNodeChecks(health, chain.caip2, nodePools.of(chain));
  await registerLanes(
    log.database,
    relayers,
    chains.map(({ id }) => id),
  );
  const underWay = new JobsUnderWay();
  // Not the shared pool: it reads integers as bigint, which the job runner does not expect.
  const jobsPool = createPlainPool(required(environment.databaseUrl, 'DATABASE_URL').reveal(), {
    maxConnections: JOB_CONNECTIONS,
  });
  const runner = await startJobRunner(
    {
      pgPool: jobsPool,
      concurrency: MAX_CONCURRENT_JOBS,
      pollInterval: JOB_POLL_INTERVAL_MS,
      noHandleSignals: true,
      parsedCronItems: [],
      taskList: taskList(engine, underWay),
      logger: jobLogger(logger),
    },
    logger,
  );
  let position = SWEEP_START;
  const loops = [
    startLoop('recover', RECOVER_INTERVAL_MS, logger, (round) => recover(engine, { patient: round > 0 })),
    startLoop('sweep', SWEEP_INTERVAL_MS, logger, async () => {
      position = await sweep(engine, position, underWay.has);
    }),
    startLoop('observe fees', OBSERVE_FEES_INTERVAL_MS, logger, () => observeFees(engine)),
    startLoop('prune uploads', PRUNE_UPLOADS_INTERVAL_MS, logger, async () => {
      const uploads = await pruneUploads(log.database);
      if (uploads > 0) logger.info({ uploads }, 'uploads were forgotten');
    }),
    startLoop('forget jobs', FORGET_JOBS_INTERVAL_MS, logger, async () => {
      const jobs = await forgetJobs(log.database);
      if (jobs > 0) logger.info({ jobs }, 'failed jobs were forgotten');
    }),
  ];
  logger.info({ relayers: engine.relayers.map(({ address }) => address) }, 'the payout engine works');
  return {
    close: async () => {
      await Promise.all([runner.stop(), ...loops.map((loop) => loop.stop())]);
      await jobsPool.end();
    },
  };
}

/** Of the request that enqueued it, where one did. */
const requestId = z.string().nullish().default(null);
const BatchJob = z.object({ batchId: z.uuid(), requestId });
const AccountJob = z.object({ accountId: z.uuid(), requestId });

function taskList(engine: PayoutEngine, underWay: JobsUnderWay): TaskList {
  const tasks: Record<JobName, (payload: unknown) => Promise<void>> = {
    'batch.advance': (payload) => {
      const { requestId, batchId } = BatchJob.parse(payload);
      const received = { job: 'batch.advance', id: batchId, subject: { batchId }, requestId } as const;
      return runOnce(engine, underWay, received, (traced) => advanceBatch(traced, batchId));
    },
    'account.deploy': (payload) => {
      const { requestId, accountId } = AccountJob.parse(payload);
      const received = { job: 'account.deploy', id: accountId, subject: { accountId }, requestId } as const;
      return runOnce(engine, underWay, received, (traced) => deployAccount(traced, accountId));
    },
  };
  return tasks;
}

/** Of one subject one job at a time; what followed another and failed is enqueued anew. */
function runOnce<Name extends JobName>(
  engine: PayoutEngine,
  underWay: JobsUnderWay,
  received: ReceivedJob<Name>,
  run: (engine: PayoutEngine) => Promise<void>,
): Promise<void> {
  const { job, id, subject, requestId } = received;
  return underWay.run(
    id,
    () => traced(engine, received, run),
    async () => {
      await unitOfWork({ ...engine.log, requestId }, (work) => work.enqueue(job, subject, id));
    },
  );
}

/** Whatever the job logs names what it is about, and the request behind it; so do the jobs that it enqueues. */
async function traced(
  engine: PayoutEngine,
  { job, requestId, subject }: ReceivedJob<JobName>,
  run: (engine: PayoutEngine) => Promise<void>,
): Promise<void> {
  const fields = requestId === null ? subject : { requestId, ...subject };
  try {
    await run({ ...withFields(engine, fields), log: { ...engine.log, requestId } });
  } catch (error) {
    const chain = await findJobChain(engine.log.database, subject);
    engine.logger.warn({ err: error, job, chain, ...fields }, 'a job failed; it is tried again');
    throw error;
  }
}

type ReceivedJob<Name extends JobName> = {
  readonly job: Name;
  /** Of what it is about. */
  readonly id: string;
  readonly subject: JobPayloads[Name];
  readonly requestId: string | null;
};

async function openRelayers(source: RelayerSource | null): Promise<RelayerKey[]> {
  if (source === null) {
    throw new EnvironmentError(
      'The worker signs with a relayer key: set RELAYER_KEY_FILE and RELAYER_KEY_PASSPHRASE, or RELAYER_PRIVATE_KEY.',
    );
  }
  if (source.kind === 'PRIVATE_KEYS') {
    return source.privateKeys.map((key) => privateKeyToAccount(key.reveal() as `0x${string}`));
  }
  const keys: RelayerKey[] = [];
  // One after another: deriving a key takes 128 MiB.
  for (const path of source.paths) keys.push(await openKeyFile(path, source.passphrase.reveal()));
  if (new Set(keys.map(({ address }) => address)).size < keys.length) {
    throw new EnvironmentError('RELAYER_KEY_FILE: two of the files hold the same key.');
  }
  return keys;
}

const LEVEL_OF = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

function jobLogger(logger: Logger): JobLogger {
  return new JobLogger((scope) => (level, message) => {
    logger[LEVEL_OF[level]]({ job: scope.jobId, task: scope.taskIdentifier }, message);
  });
}
