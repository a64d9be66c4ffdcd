import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RoleName } from '../../server/roles/role.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export type RoleProcess = {
  /** By SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** What it has written to its standard output so far: its log. */
  output(): string;
};

/** Starts an OS process with one role of the system; resolves when it works. */
export async function startRoleProcess(
  role: RoleName,
  environment: Record<string, string>,
): Promise<RoleProcess> {
  const child: ChildProcess = fork(MAIN, ['--roles', role], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    output += part;
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const failed = exited.then(() => {
    throw new Error(`The ${role} ended before it worked.`);
  });
  await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return { kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), output: () => output };
}
