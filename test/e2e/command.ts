import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a command ended. Its code is null when a signal ended it. */
export type Ended = { code: number | null; stdout: string; stderr: string };
/** A command of this project as a process of its own. */
export type Command = {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves once standard error says this. @throws Error with everything it said, when it ends before */
  says(pattern: RegExp): Promise<void>;
};

/** Starts `node <script> <args>` in the checkout. */
export function startCommand(
  script: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Command {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let over = false;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      over = true;
      resolve({ code, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    says: async (pattern) => {
      await until(`${script} to say ${pattern}`, async () => {
        if (pattern.test(stderr)) return true;
        if (over) throw new Error(`${script} ended and never said ${pattern}:\n${stderr}`);
        return false;
      });
    },
  };
}

/** Runs `node <script> <args>` to its end. */
export function runCommand(
  script: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  return startCommand(script, args, environment).ended;
}
