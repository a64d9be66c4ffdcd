import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventHints } from '../../events/createEventHints.ts';
import type { EventHints } from '../../events/eventHints.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import { createRedisHints } from '../../events/redisHints.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { freePort } from '../../server/embedded/freePort.ts';
import { createTestDatabase } from '../kit/postgres.ts';

const ORGANIZATIONS = Array.from(
  { length: 450 },
  (_, index) => `019a0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
);
const [FIRST = '', SECOND = ''] = ORGANIZATIONS;

/** A subscriber that remembers what it was told. */
function listen(hints: EventHints) {
  const moved: string[] = [];
  const heard = { moved, reconnects: 0, stop: () => {} };
  heard.stop = hints.subscribe(
    (organizationId) => moved.push(organizationId),
    () => {
      heard.reconnects += 1;
    },
  );
  return heard;
}

describe('hints by PostgreSQL', () => {
  let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
  });
  afterAll(() => testDatabase.drop());

  test('reach every subscriber, however many logs moved at once', async () => {
    const { database, appUrl } = testDatabase;
    const hints = createPostgresHints({ database, listenUrl: appUrl, onError: fail });
    const one = listen(hints);
    const two = listen(hints);
    await expect.poll(() => one.reconnects).toBe(1);
    await hints.publish(ORGANIZATIONS);
    await expect.poll(() => one.moved.length).toBe(ORGANIZATIONS.length);
    expect(one.moved.toSorted()).toEqual(ORGANIZATIONS);
    expect(two.moved).toEqual(one.moved);
    two.stop();
    await hints.publish([FIRST]);
    await expect.poll(() => one.moved.length).toBe(ORGANIZATIONS.length + 1);
    expect(two.moved.length).toBe(ORGANIZATIONS.length);
    await hints.close();
  });

  test('a listening connection that breaks is opened again, and subscribers are told to look', async () => {
    const { database, appUrl } = testDatabase;
    const errors: unknown[] = [];
    const hints = createPostgresHints({
      database,
      listenUrl: appUrl,
      onError: (error) => errors.push(error),
    });
    const heard = listen(hints);
    await expect.poll(() => heard.reconnects).toBe(1);
    const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'event hints' and datname = current_database()`.execute(database);
    expect(rows.length).toBe(1);
    await expect.poll(() => heard.reconnects).toBe(2);
    expect(errors).not.toEqual([]);
    await hints.publish([SECOND]);
    await expect.poll(() => heard.moved).toEqual([SECOND]);
    await hints.close();
  });

  test('a server that cannot be reached is told to the log, never to who publishes', async () => {
    const url = `postgresql://app:app@127.0.0.1:${await freePort()}/none`;
    const errors: unknown[] = [];
    const database = createDatabase(createPool(url));
    const hints = createPostgresHints({ database, listenUrl: url, onError: (error) => errors.push(error) });
    const heard = listen(hints);
    await hints.publish([FIRST]);
    await expect.poll(() => errors.length).toBeGreaterThanOrEqual(2);
    expect(heard).toMatchObject({ moved: [], reconnects: 0 });
    await hints.close();
    await database.destroy();
  });
});

async function startRedis(port: number) {
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  for await (const line of child.stdout) {
    if (String(line).includes('Ready to accept connections')) break;
  }
  return {
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

// `npm test` brings redis-server or says how; without it these fail.
describe('hints by Redis', () => {
  test('go from one process’s connection to another’s, survive a restart, and never throw', async () => {
    const port = await freePort();
    let redis = await startRedis(port);
    const url = `redis://127.0.0.1:${port}`;
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const sender = createRedisHints({ url, onError });
    const receiver = createRedisHints({ url, onError });
    const heard = listen(receiver);
    await expect.poll(() => heard.reconnects).toBe(1);
    await sender.publish(ORGANIZATIONS);
    await expect.poll(() => heard.moved.length).toBe(ORGANIZATIONS.length);
    expect(heard.moved.toSorted()).toEqual(ORGANIZATIONS);
    expect(errors).toEqual([]);

    await redis.kill();
    await sender.publish([FIRST]);
    expect(errors).not.toEqual([]);
    redis = await startRedis(port);
    await expect.poll(() => heard.reconnects).toBe(2);
    heard.moved.length = 0;
    // The sender's own connection may come back a little later: until then, hints are lost, as they may be.
    await expect
      .poll(async () => {
        await sender.publish([SECOND]);
        return heard.moved.includes(SECOND);
      })
      .toBe(true);
    await Promise.all([sender.close(), receiver.close()]);
    await redis.kill();
  });
});

test('hints that arrive faster than they can be sent are put together', async () => {
  const sent: string[] = [];
  let release = () => {};
  const hints = createEventHints(
    {
      send(message) {
        sent.push(message);
        return new Promise((resolve) => {
          release = resolve;
        });
      },
      listen: () => {},
      close: () => Promise.resolve(),
    },
    fail,
  );
  const all = Array.from({ length: 1_000 }, (_, index) => hints.publish([index % 2 === 0 ? FIRST : SECOND]));
  expect(sent).toEqual([FIRST]);
  release();
  await expect.poll(() => sent.length).toBe(2);
  release();
  await Promise.all(all);
  expect(sent).toEqual([FIRST, `${SECOND},${FIRST}`]);
});

function fail(error: unknown): never {
  throw error;
}
