import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase as connect, createPool, type Database } from '../../prisma/database.ts';
import { createDatabase } from '../../server/embedded/createDatabase.ts';
import type { SharedTestParts } from './globalSetup.ts';

export type TestDatabase = {
  /** As the application's role, which owns nothing. */
  database: Database;
  appUrl: string;
  ownerUrl: string;
  /** Closes `database` and deletes it, whoever else is still connected. */
  drop(): Promise<void>;
};

const MAX_TEST_CONNECTIONS = 10;

/** A migrated, empty database of the caller's own: one a test file. Call `drop` in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const shared = sharedTestParts();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await createDatabase(shared.superuserUrl, name, shared.template);
  const appUrl = withDatabase(shared.appUrl, name);
  const database = connect(createPool(appUrl, { maxConnections: MAX_TEST_CONNECTIONS }));
  return {
    database,
    appUrl,
    ownerUrl: withDatabase(shared.ownerUrl, name),
    drop: async () => {
      await database.destroy();
      const client = new pg.Client({ connectionString: shared.superuserUrl });
      await client.connect();
      await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    },
  };
}

/** What globalSetup prepared. @throws when the test does not stand in test/integration */
export function sharedTestParts(): SharedTestParts {
  const shared: SharedTestParts | undefined = inject('shared');
  if (shared === undefined) {
    throw new Error('A test that needs a database or a chain belongs to test/integration.');
  }
  return shared;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
