import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../kit/temporaryDirectory.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const NOBODY = 65_534;
/** Root becomes `nobody`, where `nobody` can reach the checkout; anybody else is without rights already. */
const USER = process.getuid?.() === 0 && everybodyCanEnter(ROOT) ? NOBODY : null;
const TIMEOUT_MS = 240_000;

const SCRIPT = `
  import { removeAnvil, startAnvil } from '${ROOT}server/embedded/anvil.ts';
  import { removePostgres, startPostgres } from '${ROOT}server/embedded/postgres.ts';
  import { makeStackDirectory, stackDirectory } from '${ROOT}server/embedded/stackDirectory.ts';
  const directory = stackDirectory(process.argv[1]);
  makeStackDirectory(directory);
  const postgres = await startPostgres({ dataDirectory: directory.postgres, durable: false });
  const again = await startPostgres({ dataDirectory: directory.postgres });
  const anvil = await startAnvil({ dataDirectory: directory.chain, noMining: true });
  console.log(JSON.stringify({ uid: process.getuid(), adopted: again.pid === postgres.pid, chainId: anvil.chainId }));
  await removeAnvil(directory.chain);
  await removePostgres(directory.postgres);
`;

function runWithoutRights(dataDirectory: string) {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT, dataDirectory], {
    ...(USER === null ? {} : { uid: USER, gid: USER }),
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
}

function everybodyCanEnter(directory: string): boolean {
  const parent = dirname(directory);
  return (statSync(directory).mode & 0o001) !== 0 && (parent === directory || everybodyCanEnter(parent));
}

test('starts as a user without rights, with its data where that user put it', () => {
  const directory = join(temporaryDirectory(), 'data');
  mkdirSync(directory);
  if (USER !== null) chownSync(directory, USER, USER);
  // The run's directory and the one above are root's, and closed.
  for (const parent of [join(directory, '..'), join(directory, '../..')]) chmodSync(parent, 0o755);
  const { stdout, stderr } = runWithoutRights(directory);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ uid: USER ?? process.getuid?.(), adopted: true, chainId: 31_337 });
});

test('says what to do when it may not write', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  const { status, stderr } = runWithoutRights(join(file, 'data'));
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/data directory .* cannot be written\. Give yourself the right/);
});
