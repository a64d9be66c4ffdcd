import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedError } from './embeddedError.ts';
import { unprivilegedUser } from './unprivilegedUser.ts';

/** Where one embedded PostgreSQL keeps what it needs, and whom it runs as. */
export type PostgresLocation = {
  /** PostgreSQL's own data directory (PGDATA). */
  cluster: string;
  /** Holds the cluster and its log; PostgreSQL's user can enter it. */
  directory: string;
  /** Where copies of the programs are kept. */
  copies: string;
  /** Null: PostgreSQL runs as the user that starts it. */
  user: { uid: number; gid: number } | null;
};

// A checkout of root's is often in a folder that nobody else can enter (/root has mode 700), and PostgreSQL refuses to
// run as root. Then its files live in the first of these that can be had, named by the data directory they belong to.
const SHARED_DIRECTORIES = [
  '/var/lib/protocol-banks',
  '/var/tmp/protocol-banks',
  join(tmpdir(), 'protocol-banks'),
];

/** @param dataDirectory the checkout's `.data`, or a test's temporary folder; it exists */
export function postgresLocation(dataDirectory: string): PostgresLocation {
  const user = unprivilegedUser();
  if (user === null) {
    const directory = join(dataDirectory, 'postgres');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return { cluster: join(directory, 'cluster'), directory, copies: dataDirectory, user };
  }
  const shared = sharedDirectory();
  const hash = createHash('sha256').update(realpathSync(dataDirectory)).digest('hex').slice(0, 16);
  const directory = join(shared, hash);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chownSync(directory, user.uid, user.gid);
  return { cluster: join(directory, 'cluster'), directory, copies: shared, user };
}

function sharedDirectory(): string {
  for (const directory of SHARED_DIRECTORIES) {
    try {
      if (!existsSync(directory)) {
        mkdirSync(directory, { mode: 0o755 });
        chmodSync(directory, 0o755);
      }
      // Some of these stand in folders that everybody may write: one that another user prepared is not ours.
      const status = lstatSync(directory);
      if (status.isDirectory() && status.uid === 0 && (status.mode & 0o022) === 0) return directory;
    } catch {
      // The next one, then.
    }
  }
  throw new EmbeddedError(
    `PostgreSQL's files have no place: none of ${SHARED_DIRECTORIES.join(', ')} can be made. Make one of them, owned by root and writable by root alone.`,
  );
}
