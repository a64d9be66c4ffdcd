import type { Database } from '../../prisma/database.ts';
import type { RelayerKey } from './relayerKey.ts';

/**
 * Makes the lanes of these keys known before they sign anything: how each stands is then looked at and told, also of one
 * that was never funded, and so never chosen. Where a lane goes on is read anew whenever it signs.
 * @param chainIds the chains' row ids
 */
export async function registerLanes(
  database: Database,
  relayers: readonly RelayerKey[],
  chainIds: readonly string[],
): Promise<void> {
  const lanes = chainIds.flatMap((chainId) =>
    relayers.map(({ address }) => ({ chainId, address, nextNonce: 0n })),
  );
  if (lanes.length === 0) return;
  await database
    .insertInto('relayerLane')
    .values(lanes)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
