import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './forge.ts';
import { type ForgeTest, forgeTest } from './forgeTest.ts';
import { type Mutant, mutants } from './mutantList.ts';

/**
 * `npm run contracts:mutants [-- --only PATTERN]`: breaks the contracts on purpose, one way at a time and in a copy, and asks
 * the tests to notice. Exits with 1 if a mutant survives, or if the unbroken copy fails.
 */

const SEED = '0x5eed';
/** The invariant takes longer than everything else: it is asked only about what the other tests let through. */
const QUICK = ['--no-match-contract', 'Invariant', '--fuzz-runs', '64'];
const THOROUGH = ['--match-contract', 'Invariant'];

const root = mkdtempSync(join(tmpdir(), 'mutants-'));
try {
  copyProject(root);
  const unbroken = failuresOf(await forgeTest({ root, seed: SEED }));
  if (unbroken.length > 0) throw new Error(`the unbroken contracts fail: ${unbroken.join(', ')}`);
  console.log('passes   unbroken');

  const survivors: string[] = [];
  for (const mutant of chosen(mutants)) {
    const failures = await failuresUnder(mutant);
    if (failures.length === 0) survivors.push(mutant.name);
    console.log(row(mutant, failures));
  }
  if (survivors.length > 0) {
    console.error(`The tests do not notice: ${survivors.join('; ')}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(root, { recursive: true });
}

async function failuresUnder(mutant: Mutant): Promise<string[]> {
  const path = join(root, 'contracts', 'src', mutant.file);
  const original = readFileSync(path, 'utf8');
  if (original.split(mutant.find).length !== 2)
    throw new Error(`${mutant.name}: its text is not there exactly once`);
  writeFileSync(
    path,
    original.replace(mutant.find, () => mutant.replace),
  );
  try {
    const quick = failuresOf(await forgeTest({ root, seed: SEED, flags: QUICK }));
    return quick.length > 0 ? quick : failuresOf(await forgeTest({ root, seed: SEED, flags: THOROUGH }));
  } finally {
    writeFileSync(path, original);
  }
}

function failuresOf(tests: readonly ForgeTest[]): string[] {
  return tests
    .filter(({ failure }) => failure !== undefined)
    .map(({ contract, name }) => `${contract}.${name}`);
}

function row(mutant: Mutant, failures: readonly string[]): string {
  const [first] = failures;
  if (first === undefined) return `SURVIVES ${mutant.name}`;
  const others = failures.length === 1 ? '' : ` and ${failures.length - 1} more`;
  return `killed   ${mutant.name.padEnd(58)} ${first}${others}`;
}

function chosen(all: readonly Mutant[]): readonly Mutant[] {
  const index = process.argv.indexOf('--only');
  const wanted = new RegExp(index === -1 ? '' : (process.argv[index + 1] ?? ''));
  const found = all.filter(({ name }) => wanted.test(name));
  if (found.length === 0) throw new Error(`no mutant's name matches ${wanted}`);
  return found;
}

function copyProject(target: string): void {
  mkdirSync(join(target, 'contracts'));
  for (const name of ['src', 'test', 'foundry.toml', 'solc.cjs']) {
    cpSync(join(repositoryRoot, 'contracts', name), join(target, 'contracts', name), { recursive: true });
  }
  cpSync(join(repositoryRoot, 'test', 'vectors'), join(target, 'test', 'vectors'), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(target, 'node_modules'));
}
