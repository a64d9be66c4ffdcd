import { type Dirent, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLineOf, endProcess, isProcessAlive } from '../../server/embedded/detachedProcess.ts';
import { removePostgres } from '../../server/embedded/postgres.ts';
import { CREDENTIALS_FILE } from '../../server/embedded/postgresCredentials.ts';

const PREFIX = 'protocol-banks-test-';
/** Every process that a test starts, and its children, carry the run's directory in their environment or arguments. */
const MARKER_VARIABLE = 'PROTOCOL_BANKS_TEST_RUN';
/** What ends by itself has far longer than it takes; only what is left running takes so long. */
const EXIT_GRACE_MS = 30_000;
const POLL_INTERVAL_MS = 50;

/** Where the run's database server lives, below its directory. */
export function postgresDirectory(runDirectory: string): string {
  return join(runDirectory, 'postgres');
}

/** Makes the directory of this test run and marks all processes that will come from this one. */
export function beginTestRun(): string {
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Several projects of one run begin in the same process.
  process.env[MARKER_VARIABLE] = [process.env[MARKER_VARIABLE], directory].filter(Boolean).join(' ');
  return directory;
}

/** Processes of a test run that still live, except this one and the test workers that it started itself. */
export function processesOf(runDirectory: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isProcessAlive(pid) && isMarked(pid, runDirectory))
    .map((pid) => ({ pid, command: commandLineOf(pid) ?? '' }))
    .filter(({ pid, command }) => !(parentOf(pid) === process.pid && command.includes('vitest')));
}

/**
 * Waits for the processes of a run to end, ends those that did not, and deletes the run's databases.
 * @returns the command lines of those that did not end by themselves
 */
export async function endProcessesOf(runDirectory: string): Promise<string[]> {
  const deadline = Date.now() + EXIT_GRACE_MS;
  while (processesOf(runDirectory).length > 0 && Date.now() < deadline) await delay(POLL_INTERVAL_MS);
  const leaked = processesOf(runDirectory);
  for (const { pid } of leaked) await endProcess(pid, 'SIGKILL', EXIT_GRACE_MS);
  await removeDatabasesOf(runDirectory);
  return leaked.map(({ pid, command }) => `${pid} ${command}`);
}

/** Ends what an earlier run left behind when it was killed. */
export async function sweepDeadTestRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!(pid > 0) || isProcessAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    await removeDatabasesOf(directory);
    for (const leaked of processesOf(directory)) await endProcess(leaked.pid, 'SIGKILL', EXIT_GRACE_MS);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Started by root, a PostgreSQL keeps its files elsewhere than in its data directory. */
async function removeDatabasesOf(runDirectory: string): Promise<void> {
  for (const entry of entriesOf(runDirectory)) {
    if (entry.name === CREDENTIALS_FILE) await removePostgres(entry.parentPath);
  }
}

/** All that is in a directory; nothing where another run deletes it at this moment. */
function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function isMarked(pid: number, runDirectory: string): boolean {
  return (
    commandLineOf(pid)?.includes(runDirectory) === true || readProcess(pid, 'environ').includes(runDirectory)
  );
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(readProcess(pid, 'status'))?.[1] ?? 0);
}

/** A file of /proc; empty for a process that is gone or another user's. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
