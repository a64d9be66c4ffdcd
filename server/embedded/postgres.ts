import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createDatabase } from './createDatabase.ts';
import { commandLineOf, endProcess, isProcessAlive, spawnDetached } from './detachedProcess.ts';
import { EmbeddedError } from './embeddedError.ts';
import { freePort, isPortFree } from './freePort.ts';
import { postgresBinaries } from './postgresBinaries.ts';
import {
  createPostgresCredentials,
  type PostgresCredentials,
  readPostgresCredentials,
} from './postgresCredentials.ts';
import { type PostgresLocation, postgresLocation } from './postgresLocation.ts';
import { APP_ROLE, OWNER_ROLE } from './postgresRoles.ts';

const SUPERUSER = 'protocol_banks_superuser';

const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 300;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_INTERVAL_MS = 25;
const MAX_START_ATTEMPTS = 5;
const LOG_TAIL_CHARACTERS = 2_000;

export type EmbeddedPostgres = {
  port: number;
  pid: number;
  /** Connection strings, by database. */
  ownerUrl(database: string): string;
  appUrl(database: string): string;
  superuserUrl(database: string): string;
  /** Makes a database that OWNER_ROLE owns and APP_ROLE may connect to, unless it exists. */
  createDatabase(name: string): Promise<void>;
  /** Ends the server, cleanly: sessions are closed, everything is on disk. */
  stop(): Promise<void>;
};

/**
 * Starts a real PostgreSQL from npm's binaries, in a process group of its own, or adopts the one that runs on this data
 * already. Works as root (then it runs as a system user) and as anybody.
 * @param options.dataDirectory keeps its passwords (mode 600) and, unless root starts it, its data
 * @param options.port taken when free, otherwise any other
 * @param options.durable false: a crash of the machine may lose data; for tests
 * @throws EmbeddedError with what to do
 */
export async function startPostgres(options: {
  dataDirectory: string;
  port?: number;
  durable?: boolean;
}): Promise<EmbeddedPostgres> {
  mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 });
  let credentials = readPostgresCredentials(options.dataDirectory);
  if (credentials === null) {
    // The data directory was forgotten: what runs or lies at its place is of nobody.
    await removePostgres(options.dataDirectory);
    credentials = createPostgresCredentials(options.dataDirectory);
  }
  const location = postgresLocation(options.dataDirectory);
  const running = (await adopt(location, credentials)) ?? (await start(location, credentials, options));
  await createRoles(running.port, credentials);
  return describe(running, credentials, options.dataDirectory);
}

/** Ends the PostgreSQL of a data directory, if it runs. @returns whether it did */
export async function stopPostgres(dataDirectory: string): Promise<boolean> {
  const running = existsSync(dataDirectory) ? runningPostmaster(postgresLocation(dataDirectory)) : null;
  if (running === null) return false;
  await endProcess(running.pid, 'SIGINT', STOP_TIMEOUT_MS);
  return true;
}

/** Ends the PostgreSQL of a data directory and deletes everything it stored. */
export async function removePostgres(dataDirectory: string): Promise<void> {
  if (!existsSync(dataDirectory)) return;
  await stopPostgres(dataDirectory);
  rmSync(postgresLocation(dataDirectory).directory, { recursive: true, force: true });
}

/** The server that runs on this cluster already; null when none does, or it is ending. */
async function adopt(location: PostgresLocation, credentials: PostgresCredentials): Promise<Running | null> {
  const running = runningPostmaster(location);
  if (running === null || (await accepts(running, credentials))) return running;
  if (!isProcessAlive(running.pid)) return null;
  throw new EmbeddedError(
    `A PostgreSQL runs on ${location.cluster} (process ${running.pid}, port ${running.port}) but does not let us in. Run npm stop, then start again; npm run reset forgets its data.`,
  );
}

type Running = { pid: number; port: number };

/** Reads postmaster.pid, and believes it only when that process is a PostgreSQL on this very cluster. */
function runningPostmaster({ cluster }: PostgresLocation): Running | null {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0 && port > 0) || !isProcessAlive(pid)) return null;
  return commandLineOf(pid)?.includes(cluster) === true ? { pid, port } : null;
}

async function start(
  location: PostgresLocation,
  credentials: PostgresCredentials,
  options: { dataDirectory: string; port?: number; durable?: boolean },
): Promise<Running> {
  const binaries = postgresBinaries(location.copies, location.user !== null);
  if (!existsSync(join(location.cluster, 'PG_VERSION'))) initialize(binaries, location, credentials);
  const logPath = join(location.directory, 'postgres.log');
  for (let attempt = 1; ; attempt++) {
    // A killed server leaves its pid file, and the number may be another process's by now: PostgreSQL would not start.
    rmSync(join(location.cluster, 'postmaster.pid'), { force: true });
    const wanted = options.port !== undefined && (await isPortFree(options.port)) ? options.port : null;
    const port = wanted ?? (await freePort());
    writeFileSync(logPath, '', { mode: 0o600 });
    const { pid, exited } = await spawnDetached({
      command: join(binaries, 'bin', 'postgres'),
      args: ['-D', location.cluster, '-p', String(port), ...settings(options.durable ?? true)],
      logPath,
      workingDirectory: location.directory,
      dataDirectory: options.dataDirectory,
      user: location.user,
    });
    const outcome = await Promise.race([exited, accepts({ pid, port }, credentials)]);
    if (outcome === true) return { pid, port };
    const log = readFileSync(logPath, 'utf8');
    // Its port was taken in the meantime, or the sessions of a killed server have not noticed its end yet.
    const passing = /Address already in use|shared memory block .* is still in use/.test(log);
    if (!passing || attempt === MAX_START_ATTEMPTS) {
      throw new EmbeddedError(
        `PostgreSQL does not start on ${location.cluster}. Its log (${logPath}) says:\n${log.slice(-LOG_TAIL_CHARACTERS).trim()}\nIf its data is damaged, npm run reset forgets it.`,
      );
    }
    await delay(POLL_INTERVAL_MS * 10 * attempt);
  }
}

function settings(durable: boolean): string[] {
  const values = {
    listen_addresses: HOST,
    // No socket file: two checkouts, or two users, would meet in /tmp.
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function initialize(binaries: string, location: PostgresLocation, credentials: PostgresCredentials): void {
  // A start that was killed half-way left something that is not a database.
  rmSync(location.cluster, { recursive: true, force: true });
  const passwordFile = join(location.directory, 'initial-password');
  writeFileSync(passwordFile, credentials.superuserPassword, { mode: 0o600 });
  if (location.user !== null) chownSync(passwordFile, location.user.uid, location.user.gid);
  // Moved into place when complete, for the same reason.
  const temporary = `${location.cluster}.new`;
  rmSync(temporary, { recursive: true, force: true });
  try {
    execFileSync(
      join(binaries, 'bin', 'initdb'),
      [
        `--pgdata=${temporary}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      {
        stdio: 'pipe',
        cwd: location.directory,
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
        ...(location.user ?? {}),
      },
    );
    renameSync(temporary, location.cluster);
  } catch (cause) {
    throw new EmbeddedError(`PostgreSQL's data could not be made in ${location.directory}.`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Waits until the server answers its superuser. @returns false when it ended, or did not in START_TIMEOUT_MS */
async function accepts(running: Running, credentials: PostgresCredentials): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (isProcessAlive(running.pid) && Date.now() < deadline) {
    try {
      await withClient(urlOf(running.port, SUPERUSER, credentials.superuserPassword, 'postgres'), (client) =>
        client.query('select 1'),
      );
      return true;
    } catch {
      await delay(POLL_INTERVAL_MS);
    }
  }
  return false;
}

async function createRoles(port: number, credentials: PostgresCredentials): Promise<void> {
  await withClient(urlOf(port, SUPERUSER, credentials.superuserPassword, 'postgres'), async (client) => {
    const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles');
    const existing = new Set(rows.map((row) => row.rolname));
    for (const [role, password] of [
      [OWNER_ROLE, credentials.ownerPassword],
      [APP_ROLE, credentials.appPassword],
    ] as const) {
      if (existing.has(role)) continue;
      await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`);
    }
  });
}

function describe(
  { pid, port }: Running,
  credentials: PostgresCredentials,
  dataDirectory: string,
): EmbeddedPostgres {
  const superuserUrl = (database: string) => urlOf(port, SUPERUSER, credentials.superuserPassword, database);
  return {
    port,
    pid,
    ownerUrl: (database) => urlOf(port, OWNER_ROLE, credentials.ownerPassword, database),
    appUrl: (database) => urlOf(port, APP_ROLE, credentials.appPassword, database),
    superuserUrl,
    createDatabase: (name) => createDatabase(superuserUrl('postgres'), name),
    stop: async () => {
      await stopPostgres(dataDirectory);
    },
  };
}

function urlOf(port: number, user: string, password: string, database: string): string {
  return `postgresql://${user}:${password}@${HOST}:${port}/${database}`;
}

async function withClient<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}
