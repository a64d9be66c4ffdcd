// Fails when schema.graphql breaks clients of the last release. What they were promised is the committed snapshot beside this
// file, which changes with a release alone: node test/check/schemaChanges.ts --release
import { readFileSync, writeFileSync } from 'node:fs';
import { breakingChanges } from './breakingChanges.ts';

const SNAPSHOT = new URL('./releasedSchema.graphql', import.meta.url);
const HEADER = /^# Release (\S+):/;

const now = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
// Without a snapshot this throws: nothing to compare with is no reason to pass.
const promised = readFileSync(SNAPSHOT, 'utf8');
const released = HEADER.exec(promised)?.[1];
if (released === undefined) throw new Error(`${SNAPSHOT.pathname} does not say of which release it is.`);

if (process.argv.includes('--release')) release(released);
else check(released);

function check(release: string): void {
  const breaking = breakingChanges(promised, now);
  for (const description of breaking) console.error(`Breaks clients of ${release}: ${description}`);
  if (breaking.length > 0) process.exit(1);
  console.log(`Nothing breaks clients of ${release}.`);
}

/** A promise is replaced by the next version's, never under the same number. */
function release(before: string): void {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (version === before) throw new Error(`${version} is released: raise the version in package.json first.`);
  const header = `# Release ${version}: what its clients were promised. Written by \`node test/check/schemaChanges.ts --release\`.`;
  writeFileSync(SNAPSHOT, `${header}\n${now}`);
  console.log(`${version} is what clients are promised now.`);
}
