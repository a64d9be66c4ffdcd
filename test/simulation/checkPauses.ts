import type { Ended } from './ended.ts';
import type { PauseReport } from './pausePayouts.ts';
import type { World } from './world.ts';

const COLUMN = { BATCH: 'id', ACCOUNT: 'account_id', CHAIN: 'chain_id' } as const;
const MOST_NAMED = 3;

/** What pauses promise to whoever was told that they stand. */
export const checkPauses = {
  'pauses-hold': async ({ world, pauses }: Ended) => {
    for (const pause of pauses) {
      const signed = await findSigned(world, pause);
      if (signed.length > 0)
        return `${pause.scope} ${pause.uuid}, from ${pause.from.toISOString()} on: ${signed.join('; ')}`;
    }
    return null;
  },
};

/**
 * What was signed under a pause for what it holds, and is new: more gas money for a nonce that has its transaction is not,
 * and a close that the owners have signed brings money back.
 */
async function findSigned(world: World, pause: PauseReport): Promise<string[]> {
  const rows = await world.sql<{ signed: string }>(
    `select signed.kind || ' ' || signed.hash || ' of batch ' || batch.id as signed
    from payout_batch batch
    join chain_transaction signed on signed.batch_id = batch.id and signed.raw_transaction is not null
    where batch.organization_id = $1 and batch.${COLUMN[pause.scope]} = $2
      and signed.created_at > $3 and signed.created_at < coalesce($4, 'infinity'::timestamptz)
      and (signed.kind in ('OPEN', 'CHUNK', 'RETRY') or (signed.kind = 'CLOSE' and signed.approval_id is null))
      and not exists (select from chain_transaction earlier
        where earlier.sender = signed.sender and earlier.nonce = signed.nonce and earlier.id < signed.id)
    limit ${MOST_NAMED}`,
    [pause.organizationUuid, pause.uuid, pause.from, pause.until],
  );
  return rows.map(({ signed }) => signed);
}
