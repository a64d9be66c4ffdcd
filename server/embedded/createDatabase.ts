import pg from 'pg';
import { APP_ROLE, OWNER_ROLE } from './postgresRoles.ts';

/**
 * Makes a database that OWNER_ROLE owns and APP_ROLE, and nobody else, may connect to. Nothing happens when it exists.
 * @param superuserUrl of any other database of the same server
 * @param template an existing database, without sessions, to copy
 */
export async function createDatabase(superuserUrl: string, name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return;
    const database = client.escapeIdentifier(name);
    const source = template === undefined ? '' : `template ${client.escapeIdentifier(template)}`;
    await client.query(`create database ${database} owner ${OWNER_ROLE} ${source}`);
    await client.query(`revoke all on database ${database} from public`);
    await client.query(`grant connect on database ${database} to ${APP_ROLE}`);
  } finally {
    await client.end();
  }
}
