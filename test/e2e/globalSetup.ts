import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { beginTestRun, endProcessesOf, sweepDeadTestRuns } from '../kit/testRun.ts';
import { runCommand } from './command.ts';

declare module 'vitest' {
  interface ProvidedContext {
    e2eDirectory: string;
  }
}

/** Once a run: a directory below which each test file has a stack of its own. Fails on leaked processes. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Once, before several stacks serve them.
  const built = await runCommand('client/build.ts', ['--if-changed']);
  if (built.code !== 0) throw new Error(`The pages cannot be built: ${built.stderr}`);
  await sweepDeadTestRuns();
  const runDirectory = beginTestRun();
  project.provide('e2eDirectory', runDirectory);
  return async () => {
    const leaked = await endProcessesOf(runDirectory);
    rmSync(runDirectory, { recursive: true, force: true });
    if (leaked.length > 0) {
      process.exitCode = 1;
      throw new Error(`Tests left processes running; they have been ended:\n${leaked.join('\n')}`);
    }
  };
}
