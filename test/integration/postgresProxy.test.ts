import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Hook, Phase } from '../kit/failpoints.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import type { Statement } from '../kit/postgresConnection.ts';
import { type PostgresProxy, startPostgresProxy } from '../kit/postgresProxy.ts';

const LARGE_BYTES = 3_000_000;
const DELAY_MS = 150;

let testDatabase: TestDatabase;
let direct: pg.Client;
let proxy: PostgresProxy;
let seen: Statement[];
const clients: pg.Client[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  direct = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await direct.connect();
  await direct.query('create table mark (name text primary key)');
});
afterAll(async () => {
  await direct?.end();
  await testDatabase?.drop();
});
beforeEach(async () => {
  seen = [];
  proxy = await startPostgresProxy(testDatabase.ownerUrl, {
    onStatement: (statement) => seen.push(statement),
  });
});
afterEach(async () => {
  await proxy.stop();
  clients.length = 0;
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: proxy.urlOf(testDatabase.ownerUrl) });
  // Connections are broken here on purpose.
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

async function marks(): Promise<string[]> {
  const { rows } = await direct.query<{ name: string }>('select name from mark order by name');
  return rows.map(({ name }) => name);
}

const cut: Hook<Statement> = async () => 'CUT';
const goOn: Hook<Statement> = async () => 'GO_ON';

/** By either side, with or without a fault. */
function endOf(client: pg.Client): Promise<void> {
  return new Promise((resolve) => client.once('end', () => resolve()));
}

/** A process that inserts a mark in a transaction through the proxy, says when it was committed, and stays. */
function startWriter(name: string): { child: ChildProcess; exited: Promise<[number | null, string | null]> } {
  const script = `
    const pg = (await import('pg')).default;
    const client = new pg.Client({ connectionString: process.env.URL });
    await client.connect();
    await client.query('begin');
    await client.query('insert into mark (name) values ($1)', ['${name}']);
    await client.query('commit');
    process.stdout.write('committed');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, URL: proxy.urlOf(testDatabase.ownerUrl) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, exited: once(child, 'exit') as Promise<[number | null, string | null]> };
}

test('statements are counted and named, simple, extended and prepared, with their connection', async () => {
  const [one, two] = [await connect(), await connect()];
  await one.query('select  1\n as a');
  await one.query('begin');
  await one.query('select $1::int as b', [2]);
  await one.query('rollback');
  for (const value of [1, 2]) await two.query({ name: 'kept', text: 'select $1::int as c', values: [value] });
  expect(seen).toEqual([
    { sql: 'select  1\n as a', number: 1, connection: 1, inTransaction: false },
    { sql: 'begin', number: 2, connection: 1, inTransaction: false },
    { sql: 'select $1::int as b', number: 3, connection: 1, inTransaction: true },
    { sql: 'rollback', number: 4, connection: 1, inTransaction: true },
    { sql: 'select $1::int as c', number: 5, connection: 2, inTransaction: false },
    { sql: 'select $1::int as c', number: 6, connection: 2, inTransaction: false },
  ]);
  expect(proxy.statementCount()).toBe(6);
  expect(proxy.statementCounts().get('select 1 as a')).toBe(1);
  expect(proxy.statementCounts().get('select $1::int as c')).toBe(2);
});

test.each([
  ['BEFORE', false],
  ['RAN', true],
] as const)(
  'a process that is killed %s its commit: whether it is committed is %s, and it never knew',
  async (phase, isCommitted) => {
    const name = `killed ${phase}`;
    const { child, exited } = startWriter(name);
    let output = '';
    child.stdout?.on('data', (part: Buffer) => {
      output += part.toString();
    });
    const commit = proxy.onStatement(/^commit/, 1, phase, async () => {
      child.kill('SIGKILL');
      await exited;
      return 'CUT';
    });
    await expect(commit.reached).resolves.toMatchObject({ sql: 'commit', inTransaction: true });
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(output).toBe('');
    // The server ends the transaction of a connection that broke; nobody else may see it half done.
    await direct.query('insert into mark values ($1) on conflict do nothing', [`after ${name}`]);
    expect((await marks()).includes(name)).toBe(isCommitted);
  },
);

test('AFTER: the asker has the answer, then the connection breaks', async () => {
  const client = await connect();
  const failpoint = proxy.onStatement('select 2', 1, 'AFTER', cut);
  const ended = endOf(client);
  expect((await client.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
  await failpoint.reached;
  await ended;
});

test('an ambiguous commit of a process that lives: it sees an error, the row is there', async () => {
  const client = await connect();
  proxy.onStatement('commit', 1, 'RAN', cut);
  await client.query('begin');
  await client.query("insert into mark values ('ambiguous')");
  await expect(client.query('commit')).rejects.toThrow(/terminated|ended/i);
  expect(await marks()).toContain('ambiguous');
});

test.each<[Phase]>([['BEFORE'], ['RAN'], ['AFTER']])(
  '%s and GO_ON: as if nothing had been, and only once',
  async (phase) => {
    const client = await connect();
    const met: string[] = [];
    const failpoint = proxy.onStatement(/select/, 2, phase, async ({ sql }) => {
      met.push(sql);
      return 'GO_ON';
    });
    for (const value of ['a', 'b', 'c']) {
      expect((await client.query(`select '${value}' as value`)).rows).toEqual([{ value }]);
    }
    expect(met).toEqual(["select 'b' as value"]);
    expect(failpoint.isReached()).toBe(true);
  },
);

test('while a hook acts, nothing of its connection passes and others work; a disarmed failpoint is not met', async () => {
  const [one, two] = [await connect(), await connect()];
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  proxy.onStatement("values ('held')", 1, 'BEFORE', async () => {
    entered.resolve();
    await gate.promise;
    return 'GO_ON';
  });
  const disarmed = proxy.onStatement('held', 1, 'RAN', cut);
  disarmed.disarm();
  const inserted = one.query("insert into mark values ('held')");
  await entered.promise;
  expect((await two.query('select 1 as a')).rows).toEqual([{ a: 1 }]);
  expect(await marks()).not.toContain('held');
  gate.resolve();
  await inserted;
  expect(await marks()).toContain('held');
  expect(disarmed.isReached()).toBe(false);
});

test('a hook that fails cuts its connection, and whoever waits for the failpoint learns why', async () => {
  const client = await connect();
  const failpoint = proxy.onStatement('select 3', 1, 'BEFORE', async () => {
    throw new Error('It could not be killed.');
  });
  await expect(client.query('select 3')).rejects.toThrow();
  await expect(failpoint.reached).rejects.toThrow('It could not be killed.');
});

test('large texts, parameters and results pass unchanged; so does COPY, and a statement that fails', async () => {
  const client = await connect();
  const large = 'x'.repeat(LARGE_BYTES);
  proxy.onStatement('length($1)', 1, 'RAN', goOn);
  expect((await client.query('select length($1) as n', [large])).rows).toEqual([{ n: LARGE_BYTES }]);
  expect((await client.query(`select length('${large}') as n`)).rows).toEqual([{ n: LARGE_BYTES }]);
  const { rows } = await client.query(
    `select repeat('y', ${LARGE_BYTES}) as text from generate_series(1, 5)`,
  );
  expect(rows.map(({ text }) => text.length)).toEqual(Array(5).fill(LARGE_BYTES));
  await client.query('copy (select generate_series(1, 100000)) to stdout');
  proxy.onStatement('from stdin', 1, 'RAN', goOn);
  // This client answers a request for data by a refusal: the held answer must not have held the request.
  await expect(client.query('copy mark from stdin')).rejects.toThrow(/COPY from stdin failed/);
  await expect(client.query('select $1::int', ['no number'])).rejects.toThrow(/invalid input/);
  expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }]);
});

test('notifications pass', async () => {
  const client = await connect();
  await client.query('listen heard');
  const told = once(client, 'notification');
  await direct.query("select pg_notify('heard', 'this')");
  expect((await told)[0]).toMatchObject({ channel: 'heard', payload: 'this' });
});

test('cut, delayed, refused, taken again', async () => {
  const client = await connect();
  proxy.delay(DELAY_MS);
  const start = performance.now();
  await client.query('select 1');
  // Timers of Node may be a millisecond early.
  expect(performance.now() - start).toBeGreaterThan(DELAY_MS - 2);
  proxy.delay(0);
  const ended = endOf(client);
  expect(proxy.cut()).toBe(1);
  await ended;
  const second = await connect();
  const secondEnded = endOf(second);
  await proxy.refuse();
  await secondEnded;
  await expect(connect()).rejects.toThrow(/ECONNREFUSED/);
  await proxy.accept();
  expect((await (await connect()).query('select 1 as a')).rows).toEqual([{ a: 1 }]);
});
