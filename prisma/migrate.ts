import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runMigrations as migrateJobs } from 'graphile-worker';
import pg from 'pg';
import { type MigrationsList, noFilter, openSchemaEngine } from './schemaEngine.ts';

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

function listMigrations(): MigrationsList {
  const names = readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: MIGRATIONS,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(`${MIGRATIONS}/${path}/migration.sql`, 'utf8') },
      },
    })),
  };
}

/**
 * Brings a database to the newest schema: tables, job queue, and the application role's rights. Idempotent.
 * @param ownerUrl connection string of the role that owns the tables
 * @param appRole the existing role that the application connects as; it must own nothing
 * @returns the names of the migrations that were applied now
 */
export async function migrate(ownerUrl: string, appRole: string): Promise<string[]> {
  const engine = await openSchemaEngine(ownerUrl);
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: listMigrations(),
    filters: noFilter,
  });
  await migrateJobs({ connectionString: ownerUrl });
  await grantRights(ownerUrl, appRole);
  return appliedMigrationNames;
}

// What is written once is out of the application's reach afterwards: it may neither update nor delete it.
const APPEND_ONLY_TABLES = [
  'event',
  'payout',
  'payout_warning',
  'idempotency_key',
  'approval_decision',
  'upload_piece',
];
/** What stands, or is deleted. */
const NEVER_UPDATED_TABLES = ['payout_pause'];
const NEVER_DELETED_TABLES = [
  'payout_batch',
  'approval',
  'chain_transaction',
  'account',
  'organization',
  'invitation',
  'payee',
];

async function grantRights(ownerUrl: string, appRole: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const role = client.escapeIdentifier(appRole);
    await client.query(`
      grant usage on schema public, graphile_worker to ${role};
      grant select, insert, update, delete on all tables in schema public, graphile_worker to ${role};
      grant usage, select on all sequences in schema public, graphile_worker to ${role};
      grant execute on all functions in schema graphile_worker to ${role};
      revoke all on table _prisma_migrations from ${role};
      revoke update, delete on table ${APPEND_ONLY_TABLES.join(', ')} from ${role};
      revoke update on table ${NEVER_UPDATED_TABLES.join(', ')} from ${role};
      revoke delete on table ${NEVER_DELETED_TABLES.join(', ')} from ${role};
    `);
    await openJobQueue(client, role);
  } finally {
    await client.end();
  }
}

/** graphile-worker turns row-level security on for its tables: without a policy, all but their owner see no job. */
async function openJobQueue(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = 'graphile_worker' and rowsecurity`,
  );
  for (const { name } of rows) {
    await client.query(`
      drop policy if exists application on ${name};
      create policy application on ${name} to ${role} using (true) with check (true);
    `);
  }
}
