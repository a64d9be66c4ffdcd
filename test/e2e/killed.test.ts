// Processes are killed at random moments between approval and final: nobody is paid twice, nobody is left out, nothing is
// skipped or told twice, and nobody has to do anything but start again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payroll } from '../../examples/generate.ts';
import { waitForExit } from '../../server/embedded/detachedProcess.ts';
import { ROLE_NAMES } from '../../server/roles/role.ts';
import { followEvents } from './eventSubscriber.ts';
import { createRandom } from './random.ts';
import { startStack, type TestStack } from './stack.ts';
import { until } from './until.ts';

const KILLS = 20;
/** Every so many rounds `npm start` dies, too, and is started again. */
const ROUNDS_PER_START = 5;
const ROWS = 450;
/** One round in so many comes while the processes are still starting. */
const ROUNDS_PER_EARLY_ONE = 4;
/** From well to killed, and from one kill of a round to another, at most. */
const MAX_PAUSE_MS = 1_500;
const MAX_SPREAD_MS = 500;
const EXIT_TIMEOUT_MS = 30_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.remove());

const random = createRandom();

/** Kills the API, the worker and the indexer, each at its own moment, also while they start. */
async function killRoles(): Promise<void> {
  const kills = ROLE_NAMES.map((role) => ({ role, afterMs: random.between(0, MAX_SPREAD_MS) }));
  await Promise.all(
    kills.map(async ({ role, afterMs }) => {
      await delay(afterMs);
      const pid = await until(`a running ${role}`, async () => stack.roleProcess(role));
      process.kill(pid, 'SIGKILL');
      await waitForExit(pid, EXIT_TIMEOUT_MS);
    }),
  );
}

async function isUnderWay(): Promise<boolean> {
  const rows = await stack.sql("select from payout_batch where status in ('APPROVED', 'EXECUTING')");
  return rows.length > 0;
}

test('20 times kill -9 of API, worker and indexer: all paid once, everything told once', async ({
  onTestFailed,
}) => {
  onTestFailed(() => console.error(`Draw the same again with SEED=${random.seed}`));
  const subscriber = await followEvents(stack);
  const files: string[] = [];
  let kills = 0;
  let starts = 1;
  while (kills < KILLS) {
    const name = `KILLED${files.length}`;
    const file = join(stack.directory, `${name}.csv`);
    writeFileSync(file, payroll(ROWS, name));
    files.push(file);
    await until('all to be well', () => stack.isHealthy());
    const command = stack.payroll(file);
    await command.says(/approved/);
    while (kills < KILLS && (await isUnderWay())) {
      const isEarly = random.between(1, ROUNDS_PER_EARLY_ONE) === 1;
      if (!isEarly) await until('all to be well', () => stack.isHealthy());
      await delay(random.between(0, MAX_PAUSE_MS));
      kills += 1;
      if (kills % ROUNDS_PER_START === 0) {
        await stack.killAllOfOurs();
        await stack.startAgain();
        starts += 1;
      } else await killRoles();
    }
    const { code, stdout, stderr } = await command.ended;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).payouts).toEqual({ final: ROWS, failed: 0 });
  }
  for (const file of files) {
    expect(await stack.audit(file)).toMatchObject({
      recipients: ROWS,
      differences: 0,
    });
  }
  const batches = await stack.sql<{ status: string; blocker: string | null }>(
    'select status, blocker_code as blocker from payout_batch',
  );
  expect(batches).toEqual(files.map(() => ({ status: 'COMPLETED', blocker: null })));
  expect(starts).toBe(1 + KILLS / ROUNDS_PER_START);

  const logged = await subscriber.catchUp();
  await subscriber.stop();
  const first = logged[0]?.number ?? 0n;
  expect(logged.map(({ number }) => number)).toEqual(logged.map((_, index) => first + BigInt(index)));
  expect(subscriber.told).toEqual(logged);
  expect(subscriber.connections()).toBeGreaterThan(KILLS / 2);
  console.log(
    `${kills} kills over ${files.length} payrolls, ${logged.length} events, ${subscriber.connections()} connections`,
  );
});
