import type pg from 'pg';
import type { Registry } from 'prom-client';
import type { EventLog } from '../../events/unitOfWork.ts';
import type { Environment } from '../env.ts';
import type { Health } from '../health.ts';
import type { RegisteredChain } from '../loadChains.ts';
import type { Logger } from '../logger.ts';
import type { NodePools } from '../nodePools.ts';

export const ROLE_NAMES = ['api', 'worker', 'indexer'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** What every role of a process shares. main.ts makes it, and closes it after the roles. */
export type RoleDependencies = {
  environment: Environment;
  log: EventLog;
  /** The pool below `log.database`, for COPY and LISTEN. */
  pool: pg.Pool;
  logger: Logger;
  chains: readonly RegisteredChain[];
  /** The chains' nodes. */
  nodePools: NodePools;
  health: Health;
  /** What the process measures; its operations port serves it. */
  registry: Registry;
};

/** A role at work. */
export type RunningRole = {
  /** Takes no new work, finishes or abandons what is under way, and resolves when nothing of it runs any more. */
  close(): Promise<void>;
};

/** Resolves when the role does its work; rejects when it cannot. */
export type StartRole = (dependencies: RoleDependencies) => Promise<RunningRole>;
