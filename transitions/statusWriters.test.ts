import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['resolvers', 'payouts', 'indexer', 'events', 'server', 'schema'];

/** An SQL or Kysely update that sets a column `status`. Inserts give a first status, and need no source. */
const SETS_STATUS = /\bset\b[^`;]*?\bstatus = |\.(?:set|doUpdateSet)\(\{[^}]*\bstatus\b/;

function writers(): string[] {
  const files = globSync(
    FOLDERS.map((folder) => `${folder}/**/*.ts`),
    { cwd: ROOT },
  );
  return files.filter(
    (file) => !file.endsWith('.test.ts') && writesStatus(readFileSync(`${ROOT}/${file}`, 'utf8')),
  );
}

function writesStatus(source: string): boolean {
  const updates = source.split(/\b(?=update\b|updateTable\b|onConflict\b)/).slice(1);
  // Up to where its rows are chosen: a status after that is only looked at.
  return updates.some((update) => SETS_STATUS.test(update.split(/\bwhere\b|\.where\(/)[0] ?? ''));
}

describe('status columns', () => {
  it.each([
    ["sql`update payout_chunk chunk set transaction_id = null, status = 'PENDING' where id = 1`", true],
    ["sql`update chain_transaction set status = case when status = 'SIGNED' then 'BROADCAST' end`", true],
    [".updateTable('account')\n.set({ status: 'OPENING', openedAtBlock: null })", true],
    [".onConflict((conflict) => conflict.doUpdateSet({ status: 'INCLUDED' }))", true],
    ["sql`update payout_retry set live = false from payout_batch where status = 'FAILED'`", false],
    [".updateTable('chain').set({ nodeHeadNumber: 1n }).where('status', '=', 'ACTIVE')", false],
    ["sql`select id from payout_chunk where status = 'PENDING' for update`", false],
    [".insertInto('approval').values({ status: 'PENDING' })", false],
  ])('are written by %s: %s', (source, expected) => {
    expect(writesStatus(source)).toBe(expected);
  });

  it('are written by transitions/ and indexer/ alone', () => {
    expect(writers().filter((file) => !file.startsWith('indexer/'))).toEqual([]);
  });

  it('are written by the indexer from the sources that the tables name', () => {
    const indexers = writers();
    expect(indexers).toContain('indexer/writeVaults.ts');
    expect(
      indexers.filter((file) => !readFileSync(`${ROOT}/${file}`, 'utf8').includes('sourcesOf(')),
    ).toEqual([]);
  });
});
