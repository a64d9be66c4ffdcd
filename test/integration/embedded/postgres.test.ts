import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { isProcessAlive, waitForExit } from '../../../server/embedded/detachedProcess.ts';
import { freePort } from '../../../server/embedded/freePort.ts';
import { removePostgres, startPostgres, stopPostgres } from '../../../server/embedded/postgres.ts';
import { installedPostgres, postgresBinaries } from '../../../server/embedded/postgresBinaries.ts';
import { postgresLocation } from '../../../server/embedded/postgresLocation.ts';
import { temporaryDirectory } from '../../kit/temporaryDirectory.ts';

const KILL_TIMEOUT_MS = 60_000;
const directories: string[] = [];

function dataDirectory(): string {
  const directory = join(temporaryDirectory(), 'closed', 'postgres');
  mkdirSync(directory, { recursive: true });
  // A checkout of root's that nobody else can enter.
  chmodSync(join(directory, '..'), 0o700);
  directories.push(directory);
  return directory;
}

afterEach(async () => {
  for (const directory of directories.splice(0)) await removePostgres(directory);
});

const start = (directory: string, port?: number) =>
  startPostgres({ dataDirectory: directory, durable: false, ...(port === undefined ? {} : { port }) });

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test('starts in a folder that only its owner can enter, with roles that are not superusers', async () => {
  const directory = dataDirectory();
  const postgres = await start(directory);
  await postgres.createDatabase('main');
  await query(postgres.ownerUrl('main'), 'create table kept (id int)');
  expect(
    await query(
      postgres.appUrl('main'),
      'select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user',
    ),
  ).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);
  await expect(query(postgres.appUrl('main'), 'create table mine (id int)')).rejects.toThrow(
    'permission denied',
  );
  await expect(query(postgres.appUrl('main'), 'select * from kept')).rejects.toThrow('permission denied');
  await expect(query(postgres.appUrl('postgres').replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
    'password',
  );
  expect(statSync(join(directory, 'postgres-credentials.json')).mode & 0o777).toBe(0o600);
});

test('a second start adopts what runs; after kill -9 of the server its data is back', async () => {
  const directory = dataDirectory();
  const first = await startPostgres({ dataDirectory: directory });
  await first.createDatabase('main');
  await query(first.ownerUrl('main'), 'create table kept as select 7 as id');
  const second = await start(directory);
  expect({ pid: second.pid, port: second.port }).toEqual({ pid: first.pid, port: first.port });
  process.kill(first.pid, 'SIGKILL');
  const third = await start(directory);
  expect(third.pid).not.toBe(first.pid);
  expect(await query(third.ownerUrl('main'), 'select id from kept')).toEqual([{ id: 7 }]);
});

test('a stale pid file whose number is another process now does not stop it', async () => {
  const directory = dataDirectory();
  const first = await start(directory);
  const pidFile = join(postgresLocation(directory).cluster, 'postmaster.pid');
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  process.kill(first.pid, 'SIGKILL');
  await waitForExit(first.pid, KILL_TIMEOUT_MS);
  writeFileSync(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
  const second = await start(directory);
  expect(second.pid).not.toBe(process.pid);
  expect(await query(second.appUrl('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('takes another port when the wanted one is not free', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const postgres = await start(dataDirectory(), port);
  expect(postgres.port).not.toBe(port);
  other.close();
});

test('is of a process group of its own, and runs from files that its user can reach', async () => {
  const directory = dataDirectory();
  const postgres = await start(directory);
  // Fields after the command's closing parenthesis: state, parent, process group.
  const status = readFileSync(`/proc/${postgres.pid}/stat`, 'utf8');
  expect(Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[2])).toBe(postgres.pid);
  const { user, copies } = postgresLocation(directory);
  if (user === null) return;
  expect(readlinkSync(`/proc/${postgres.pid}/exe`)).toContain(copies);
  expect(statSync(`/proc/${postgres.pid}`).uid).toBe(user.uid);
});

test('a forgotten data directory begins anew, and ends what ran on it', async () => {
  const directory = dataDirectory();
  const first = await start(directory);
  await first.createDatabase('main');
  rmSync(join(directory, 'postgres-credentials.json'));
  const second = await start(directory);
  expect(isProcessAlive(first.pid)).toBe(false);
  expect(
    await query(second.superuserUrl('postgres'), "select 1 from pg_database where datname = 'main'"),
  ).toEqual([]);
});

test('stops cleanly, once', async () => {
  const directory = dataDirectory();
  const postgres = await start(directory);
  expect(await stopPostgres(directory)).toBe(true);
  expect(isProcessAlive(postgres.pid)).toBe(false);
  expect(existsSync(join(postgresLocation(directory).cluster, 'postmaster.pid'))).toBe(false);
  expect(await stopPostgres(directory)).toBe(false);
});

test('programs that lost their execute bits, and links that were never made, are mended in a copy', () => {
  const directory = temporaryDirectory();
  const { native, version } = installedPostgres();
  const broken = join(directory, 'broken');
  cpSync(native, broken, { recursive: true, verbatimSymlinks: true });
  chmodSync(join(broken, 'bin', 'initdb'), 0o644);
  rmSync(join(broken, 'lib', 'libpq.so.5'));
  const copies = join(directory, 'copies');
  const usable = postgresBinaries(copies, false, { native: broken, version });
  expect(usable).toContain(copies);
  expect(statSync(join(usable, 'bin', 'initdb')).mode & 0o111).toBe(0o111);
  expect(existsSync(join(usable, 'lib', 'libpq.so.5'))).toBe(true);
  expect(statSync(join(broken, 'bin', 'initdb')).mode & 0o111).toBe(0);
});
