import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../server/embedded/createDatabase.ts';
import { sharedTestParts } from '../kit/postgres.ts';

// The address book comes to a database that holds batches already.

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
const name = `payees_${randomBytes(8).toString('hex')}`;
let client: pg.Client;
beforeAll(async () => {
  const { superuserUrl } = sharedTestParts();
  await createDatabase(superuserUrl, name);
  const own = new URL(superuserUrl);
  own.pathname = `/${name}`;
  client = new pg.Client({ connectionString: own.href });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  const superuser = new pg.Client({ connectionString: sharedTestParts().superuserUrl });
  await superuser.connect();
  await superuser.query(`drop database if exists ${name} with (force)`);
  await superuser.end();
});

async function migrateWhere(wanted: (migration: string) => boolean): Promise<void> {
  const names = readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && wanted(entry.name))
    .map((entry) => entry.name)
    .sort();
  for (const path of names) await client.query(readFileSync(`${MIGRATIONS}/${path}/migration.sql`, 'utf8'));
}

test('batches from before have their largest payout, no marks and no warnings', async () => {
  await migrateWhere((migration) => migration < '0008');
  const [organization, user, chain, asset, account, batch] = Array.from({ length: 6 }, () => randomUUID());
  await client.query(`
    insert into organization (id, name) values ('${organization}', 'Old');
    insert into app_user (id, display_name) values ('${user}', 'Somebody');
    insert into chain (id, caip2, name, family, confirmed_depth) values ('${chain}', 'eip155:1', 'Chain', 'EVM', 2);
    insert into asset (id, chain_id, caip19, symbol, decimals, address) values ('${asset}', '${chain}', 'x', 'X', 6, '0x1');
    insert into account (id, organization_id, chain_id, name, status, custody, address, threshold, owners, salt_nonce)
      values ('${account}', '${organization}', '${chain}', 'A', 'ACTIVE', 'SAFE', '0x2', 1, '{0x3}', 0);
    insert into payout_batch (id, organization_id, account_id, chain_id, asset_id, title, status, total_units,
        payout_count, chunk_count, rows_per_chunk, gas_per_payout, merkle_root, vault_address, pending_count, created_by_user_id)
      values ('${batch}', '${organization}', '${account}', '${chain}', '${asset}', 'Old', 'DRAFT', 12, 4, 1, 200, 1, '0x', '0x4', 4, '${user}');
    insert into payout (batch_id, organization_id, row_index, recipient, units, reference)
      select '${batch}', '${organization}', row_index, '0x5', units, case row_index when 0 then 'R' end
      from (values (0, 1), (1, 5), (2, 5), (3, 1)) as line (row_index, units)`);
  await migrateWhere((migration) => migration >= '0008');
  const { rows } = await client.query(
    'select largest_row_index, new_recipient_count, warning_count, import_of_batch_id from payout_batch',
  );
  expect(rows).toEqual([
    { largest_row_index: 1, new_recipient_count: 0, warning_count: 0, import_of_batch_id: null },
  ]);
  const { rows: payouts } = await client.query('select distinct payee_id, is_new_recipient from payout');
  expect(payouts).toEqual([{ payee_id: null, is_new_recipient: false }]);
  const twice = (recipient: string) =>
    client.query(`insert into payout (batch_id, organization_id, row_index, recipient, units, reference)
      values ('${batch}', '${organization}', 9, '${recipient}', 1, 'R')`);
  await expect(twice('0x5')).rejects.toThrow('payout_batch_id_reference_recipient_key');
  await twice('0x6');
});
