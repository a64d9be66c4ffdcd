import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

describe('the application’s database role', () => {
  it('owns nothing and is nobody special', async () => {
    const { rows: owned } = await sql`
      select relname from pg_class where relowner = current_user::regrole
      union all select nspname from pg_namespace where nspowner = current_user::regrole
      union all select proname from pg_proc where proowner = current_user::regrole
      union all select typname from pg_type where typowner = current_user::regrole
      union all select datname from pg_database where datdba = current_user::regrole`.execute(
      testDatabase.database,
    );
    expect(owned).toEqual([]);
    const { rows: role } = await sql`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
      from pg_roles where rolname = current_user`.execute(testDatabase.database);
    expect(Object.values(role[0] ?? {})).toEqual([false, false, false, false, false]);
    const { rows: memberships } = await sql`
      select roleid from pg_auth_members where member = current_user::regrole`.execute(testDatabase.database);
    expect(memberships).toEqual([]);
  });

  it.each([
    'create table mine (id int)',
    'alter table payout add column extra int',
    'drop table payout',
    'truncate event',
    "update payout set memo = 'x'",
    'delete from payout',
    "update event set type = 'ACCOUNT_OPENED'",
    'delete from approval_decision',
    'delete from payout_batch',
    'delete from invitation',
    'delete from idempotency_key',
    "update upload_piece set bytes = 'x'",
    'delete from upload_piece',
    "update payout_pause set reason = 'x'",
    'select * from _prisma_migrations',
  ])('may not: %s', async (statement) => {
    await expect(sql.raw(statement).execute(testDatabase.database)).rejects.toThrow(
      /permission denied|must be owner/,
    );
  });
});
