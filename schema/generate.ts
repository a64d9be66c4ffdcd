// Writes schema.graphql, the snapshot of the schema that clients are promised. `--check` writes nothing and exits 1 when the
// committed file is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

const target = fileURLToPath(new URL('../schema.graphql', import.meta.url));
const text = `# Generated from schema/ by \`npm run generate\`. Do not edit.\n\n${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('schema.graphql is stale: run `npm run generate`.');
  process.exit(1);
}
