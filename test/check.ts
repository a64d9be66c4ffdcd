// npm run check: what must hold of the source itself. All at once, in under 20 seconds; the output of what fails is shown.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Each is a command of Node; what takes longest begins first. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  'contracts/abi is what contracts/src compiles to': ['contracts/generate.ts', '--check'],
  types: ['node_modules/typescript7/bin/tsc', '--project', '.'],
  'types of the client': ['node_modules/typescript7/bin/tsc', '--project', 'client'],
  'client/generated is what the client’s documents say': ['client/generate.ts', '--check'],
  'import direction': ['test/check/importDirection.ts'],
  'format and lint': ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  'schema.graphql is what schema/ says': ['schema/generate.ts', '--check'],
  'schema descriptions': ['test/check/schemaDescriptions.ts'],
  'schema changes': ['test/check/schemaChanges.ts'],
  'prisma/generated is what schema.prisma says': ['prisma/generate.ts', '--check'],
};

type Outcome = { name: string; code: number | null; output: string; seconds: number };

function run(name: string, args: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.execPath, [...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const output = Buffer.concat(parts).toString('utf8').trim();
      resolve({ name, code, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

const outcomes = await Promise.all(
  Object.entries(CHECKS).map(async ([name, args]) => {
    const outcome = await run(name, args);
    console.log(
      `${outcome.code === 0 ? 'ok  ' : 'FAIL'} ${outcome.seconds.toFixed(1).padStart(5)} s  ${name}`,
    );
    return outcome;
  }),
);
const failed = outcomes.filter(({ code }) => code !== 0);
for (const { name, output } of failed) console.error(`\n── ${name}\n${output}`);
if (failed.length > 0) process.exit(1);
