import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noFilter, openSchemaEngine } from '../../prisma/schemaEngine.ts';
import { createDatabase } from '../../server/embedded/createDatabase.ts';
import { sharedTestParts } from '../kit/postgres.ts';

const name = `migrations_${randomBytes(8).toString('hex')}`;
let url: string;
beforeAll(async () => {
  const { superuserUrl } = sharedTestParts();
  await createDatabase(superuserUrl, name);
  const own = new URL(superuserUrl);
  own.pathname = `/${name}`;
  url = own.href;
});
afterAll(async () => {
  await query(sharedTestParts().superuserUrl, `drop database if exists ${name} with (force)`);
});

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function apply(script: string): Promise<unknown> {
  const engine = await openSchemaEngine(url);
  return engine.applyMigrations({
    migrationsList: {
      baseDir: '/',
      shadowDbInitScript: '',
      lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
      migrationDirectories: [
        {
          path: '0001_first',
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
        },
      ],
    },
    filters: noFilter,
  });
}

const SCRIPT = `-- One thing; and another.
create function two() returns int language plpgsql as $$ begin perform 1; return 2; end $$;
create table made (id int default two());`;

test('a migration is applied whole or not at all, wherever its semicolons stand', async () => {
  await expect(apply(`${SCRIPT}\nselect 1 / 0;`)).rejects.toThrow('division by zero');
  expect(await query(url, "select to_regclass('made') as made, to_regproc('two') as two")).toEqual([
    { made: null, two: null },
  ]);
  await query(url, 'delete from _prisma_migrations');
  expect(await apply(SCRIPT)).toMatchObject({ appliedMigrationNames: ['0001_first'] });
  expect(await query(url, 'insert into made default values returning id')).toEqual([{ id: 2 }]);
});
