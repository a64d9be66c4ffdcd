// npm test: unit tests, integration tests on a real PostgreSQL, EVM node and Redis, the whole end to end, with its screens in
// Chromium, then the contracts' suite. Arguments go to vitest, and leave the contracts out:
// npm test -- test/integration/payoutsClose.test.ts
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Hundreds of processes load the same modules: each but the first finds them compiled. */
const COMPILE_CACHE = join(tmpdir(), 'protocol-banks-compile-cache');

/** What npm cannot bring. */
const NEEDED = [
  { program: 'redis-server', package: 'redis-server', why: 'events between several API processes' },
  { program: 'chromium', package: 'chromium', why: 'the screens' },
];

process.exit(main(process.argv.slice(2)));

function main(args: readonly string[]): number {
  if (!bringNeeded()) return 1;
  const vitest = runNode(['node_modules/vitest/vitest.mjs', 'run', ...args]);
  if (vitest !== 0 || args.length > 0) return vitest;
  return runNode(['contracts/test.ts']);
}

/** @returns whether everything is there now */
function bringNeeded(): boolean {
  const missing = NEEDED.filter(({ program }) => spawnSync(program, ['--version']).error !== undefined);
  if (missing.length === 0) return true;
  const packages = missing.map((needed) => needed.package);
  const named = missing.map(({ program, why }) => `${program} (${why})`).join(', ');
  const command = `apt-get install --yes --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0) {
    console.error(`The tests need ${named}. Install it first: sudo ${command}`);
    return false;
  }
  console.error(`The tests need ${named}; installing.`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '--quiet'], options);
  const [program = '', ...rest] = command.split(' ');
  if (spawnSync(program, rest, options).status === 0) return true;
  console.error(`That failed. Install it by hand, then test again: ${command}`);
  return false;
}

function runNode(args: readonly string[]): number {
  const env = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env };
  const { status, signal } = spawnSync(process.execPath, [...args], { cwd: ROOT, stdio: 'inherit', env });
  return status ?? (signal === null ? 1 : 128);
}
