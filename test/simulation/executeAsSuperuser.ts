import pg from 'pg';
import type { EmbeddedPostgres } from '../../server/embedded/postgres.ts';

/** Executes statements one after another, outside of any database of a run. */
export async function executeAsSuperuser(postgres: EmbeddedPostgres, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl('postgres') });
  client.on('error', () => {});
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
