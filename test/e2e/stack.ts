import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { ContractName } from '../../server/embedded/contracts.ts';
import { createEmbeddedChainClient, type EmbeddedChainClient } from '../../server/embedded/contracts.ts';
import { commandLineOf, waitForExit } from '../../server/embedded/detachedProcess.ts';
import type { StackFile } from '../../server/embedded/embeddedStack.ts';
import { freePort } from '../../server/embedded/freePort.ts';
import { readPostgresCredentials } from '../../server/embedded/postgresCredentials.ts';
import { postgresLocation } from '../../server/embedded/postgresLocation.ts';
import { OWNER_ROLE } from '../../server/embedded/postgresRoles.ts';
import { stackDirectory } from '../../server/embedded/stackDirectory.ts';
import { ROLE_NAMES, type RoleName } from '../../server/roles/role.ts';
import type { AuditInput, AuditReport } from '../audit/auditPayments.ts';
import { type Command, type Ended, runCommand, startCommand } from './command.ts';
import { until } from './until.ts';

const EXIT_TIMEOUT_MS = 30_000;
const EMBEDDED_TOKEN = 'DevelopmentUSDC' satisfies ContractName;

/** The whole system of `npm start` on a port and data of its own, and what a test needs to disturb it. */
export type TestStack = {
  /** For what a test writes. */
  directory: string;
  /** Where the stack keeps its own. */
  dataDirectory: string;
  /** What others read of it. */
  stack: StackFile;
  /** Reads the chain, signs with development keys, mines, takes blocks back. */
  chain: EmbeddedChainClient;
  /** A statement as the owner of the tables: what nobody but an operator, or a thief of the database, can do. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Whether `GET /health` says that all is well. */
  isHealthy(): Promise<boolean>;
  /** The running process of a role; null between its end and its restart. */
  roleProcess(role: RoleName): number | null;
  /** SIGKILL to `npm start` and everything it watches over; PostgreSQL and the chain stay. */
  killAllOfOurs(): Promise<void>;
  /** SIGKILL to the database server. */
  killPostgres(): Promise<void>;
  /** `npm start` again, until it is ready. */
  startAgain(): Promise<void>;
  payroll(file: string, ...args: string[]): Command;
  execute(manifest: string, ...args: string[]): Promise<Ended>;
  /** The independent audit: what each recipient of a file holds on chain. @returns how many differ */
  audit(file: string, times?: number): Promise<AuditReport>;
  /** Ends everything and forgets it. */
  remove(): Promise<void>;
};

/** Starts a stack. Call `remove` in afterAll. @param variables more of its environment */
export async function startStack(variables: Record<string, string> = {}): Promise<TestStack> {
  const directory = mkdtempSync(join(inject('e2eDirectory'), 'stack-'));
  const data = stackDirectory(join(directory, 'data'));
  mkdirSync(data.root);
  const environment = { ...variables, DATA_DIRECTORY: data.root, PORT: String(await freePort()) };
  let starter = await startServer(environment).catch(async (error: unknown) => {
    await runCommand('server/reset.ts', [], environment);
    throw error;
  });
  const started: Command[] = [];
  const stack = JSON.parse(readFileSync(data.stackFile, 'utf8')) as StackFile;
  const owner = new pg.Pool({ connectionString: ownerUrl(data.postgres, stack.postgres), max: 2 });
  // A killed server ends idle connections.
  owner.on('error', () => {});
  const killAllOfOurs = async () => {
    const roles = ROLE_NAMES.map((role) => roleProcess(starter, role));
    // It first: it would start them again.
    const pids = [starter.child.pid as number, ...roles].filter((pid) => pid !== null);
    for (const pid of pids) kill(pid);
    for (const pid of pids) await waitForExit(pid, EXIT_TIMEOUT_MS);
  };
  return {
    directory,
    dataDirectory: data.root,
    stack,
    chain: createEmbeddedChainClient(stack.evmRpc),
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    isHealthy: async () => (await health(environment.PORT)) === 200,
    roleProcess: (role) => roleProcess(starter, role),
    killAllOfOurs,
    killPostgres: async () => {
      const pidFile = join(postgresLocation(data.postgres).cluster, 'postmaster.pid');
      const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
      kill(pid);
      await waitForExit(pid, EXIT_TIMEOUT_MS);
    },
    startAgain: async () => {
      starter = await startServer(environment);
    },
    payroll: (file, ...args) => {
      const command = startCommand('cli/payroll.ts', [file, '--stack', data.stackFile, '--json', ...args]);
      started.push(command);
      return command;
    },
    execute: (manifest, ...args) => runCommand('cli/execute.ts', [manifest, ...args]),
    audit: async (file, times = 1) => {
      const input: AuditInput = {
        rpcUrl: stack.evmRpc,
        token: stack.contracts[EMBEDDED_TOKEN],
        payrolls: [{ file, times }],
      };
      const inputFile = join(directory, 'audit.json');
      writeFileSync(inputFile, JSON.stringify(input));
      const { stdout, stderr } = await runCommand('test/audit/auditPayments.ts', [inputFile]);
      if (stdout === '') throw new Error(`The audit failed: ${stderr}`);
      return JSON.parse(stdout);
    },
    remove: async () => {
      // Of a test that failed.
      for (const { child } of started) child.kill('SIGKILL');
      await owner.end();
      await runCommand('server/reset.ts', [], environment);
      await starter.ended;
    },
  };
}

/** Starts `npm start`'s program. @returns it, once everything is ready */
async function startServer(environment: Record<string, string>): Promise<Command> {
  const command = startCommand('server/start.ts', [], environment);
  let end: Ended | null = null;
  void command.ended.then((ended) => {
    end = ended;
  });
  await until('npm start to be ready', async () => {
    if (end !== null) throw new Error(`npm start ended: ${JSON.stringify(end)}`);
    return (await health(environment.PORT)) === 200;
  });
  // It is written last.
  await until('stack.json', async () => {
    try {
      return readFileSync(join(environment.DATA_DIRECTORY ?? '', 'stack.json'), 'utf8');
    } catch {
      return null;
    }
  });
  return command;
}

async function health(port: string | undefined): Promise<number> {
  return fetch(`http://localhost:${port}/health`).then(
    ({ status }) => status,
    () => 0,
  );
}

/** The child of a start that has this role. */
function roleProcess(starter: Command, role: RoleName): number | null {
  const parent = `\nPPid:\t${starter.child.pid}\n`;
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find(
      (pid) => commandLineOf(pid)?.includes(`--roles ${role}`) === true && statusOf(pid).includes(parent),
    );
  return found ?? null;
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function ownerUrl(postgresDirectory: string, appUrl: string): string {
  const url = new URL(appUrl);
  url.username = OWNER_ROLE;
  url.password = readPostgresCredentials(postgresDirectory)?.ownerPassword ?? '';
  return url.href;
}
