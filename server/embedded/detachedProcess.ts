import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 20;

/** What an operating system process needs to outlive the one that starts it. */
export type DetachedCommand = {
  command: string;
  args: readonly string[];
  /** Where its output is appended. */
  logPath: string;
  workingDirectory: string;
  /** Whose process it is; its environment says so, for whoever looks for processes of a data directory. */
  dataDirectory: string;
  /** Null: as the user that runs this process. */
  user: { uid: number; gid: number } | null;
};

// A fixed environment: these processes must not inherit secrets, and must not depend on a shell's settings.
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Starts a process in a session and process group of its own: neither Ctrl-C in the terminal nor a kill of this process
 * reaches it.
 * @returns its process id, and a promise of its exit code (null: by a signal) for as long as this process lives
 * @throws when the command cannot be started
 */
export async function spawnDetached(
  options: DetachedCommand,
): Promise<{ pid: number; exited: Promise<number | null> }> {
  mkdirSync(dirname(options.logPath), { recursive: true });
  const log = openSync(options.logPath, 'a', 0o600);
  try {
    const child = spawn(options.command, [...options.args], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: options.workingDirectory,
      env: { ...ENVIRONMENT, PROTOCOL_BANKS_DATA_DIRECTORY: options.dataDirectory },
      ...(options.user ?? {}),
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { pid: child.pid as number, exited };
  } finally {
    closeSync(log);
  }
}

/** Whether a process of this id exists; one that has ended and was not yet collected by its parent does not count. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2));
  } catch {
    return true;
  }
}

/** A process's command line, words separated by spaces; null when there is no such process or it cannot be read. */
export function commandLineOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || null;
  } catch {
    return null;
  }
}

/**
 * When a process was started, in clock ticks since the machine was; null when there is no such process. A number alone
 * may be another process by now; a number and its start are one process.
 */
export function startTimeOf(pid: number): string | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): field 22, counted from the process's name, which is in parentheses and may contain anything.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Waits until the process is gone. @returns false when it still runs after `timeoutMs` */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isProcessAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_INTERVAL_MS);
  }
  return true;
}

/**
 * Asks a process to end, and ends it by SIGKILL when it has not after `graceMs`. Nothing happens when it is gone already.
 * @param signal the polite one
 */
export async function endProcess(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!sendSignal(pid, signal)) return;
  if (await waitForExit(pid, graceMs)) return;
  sendSignal(pid, 'SIGKILL');
  await waitForExit(pid, graceMs);
}

/** @returns false when there is no such process */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
