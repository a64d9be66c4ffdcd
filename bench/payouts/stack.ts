import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStackFile, type StackFile } from '../../cli/stackFile.ts';
import { freePort } from '../../server/embedded/freePort.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/** A whole stack of its own, as `npm start` makes it: the same processes, another port and data directory. */
export type BenchStack = {
  stack: StackFile;
  /** Whose children the stack's processes are. */
  pid: number;
  /** Where their logs are. */
  logDirectory: string;
  stop(): Promise<void>;
};

export async function startBenchStack(): Promise<BenchStack> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'protocol-banks-bench-'));
  const port = await freePort();
  const environment = { ...process.env, PORT: String(port), DATA_DIRECTORY: dataDirectory };
  const child = spawn(process.execPath, ['server/start.ts'], {
    cwd: ROOT,
    env: environment,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const health = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    const stack = health?.ok
      ? await readStackFile(join(dataDirectory, 'stack.json')).catch(() => null)
      : null;
    if (stack !== null) {
      const stop = async () => {
        child.kill('SIGTERM');
        await ended;
        await rm(dataDirectory, { recursive: true, force: true });
      };
      return { stack, pid: child.pid as number, logDirectory: join(dataDirectory, 'logs'), stop };
    }
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error('The stack to be measured did not start.');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
