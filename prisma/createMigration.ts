// Writes the SQL for an empty database from schema.prisma to standard output: the raw material of a migration, whose
// author adds the CHECKs and partial indexes. Usage: node prisma/createMigration.ts OWNER_URL
import { noFilter, openSchemaEngine, schemaFile } from './schemaEngine.ts';

const [url] = process.argv.slice(2);
if (url === undefined) throw new Error('Usage: node prisma/createMigration.ts OWNER_URL');
const engine = await openSchemaEngine(url);
const { stdout } = await engine.diff({
  from: { tag: 'empty' },
  to: { tag: 'schemaDatamodel', files: [schemaFile] },
  script: true,
  exitCode: null,
  filters: noFilter,
  shadowDatabaseUrl: null,
});
process.stdout.write(stdout ?? '', () => process.exit(0));
