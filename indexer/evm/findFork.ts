import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import { NodeAnswerError } from '../../chains/evm/client/nodeAnswer.ts';
import { readHeader } from '../../chains/evm/client/readBlock.ts';
import type { Database } from '../../prisma/database.ts';
import { FinalBlockLostError } from '../indexerErrors.ts';

/**
 * The newest block that this system and the node both have. Looks from the head down, as far as the final block.
 * @returns its number, and its hash as indexed
 * @throws NodeAnswerError when the node has no block where the chains part, so that it may only lag behind: ask again.
 *   FinalBlockLostError when it has another final block
 */
export async function findFork(
  client: EvmClient,
  database: Database,
  chainId: string,
): Promise<{ number: bigint; hash: string }> {
  const chain = await database
    .selectFrom('chain')
    .select(['headNumber', 'finalNumber'])
    .where('id', '=', chainId)
    .executeTakeFirstOrThrow();
  const lowest = chain.finalNumber ?? 0n;
  const blocks = await database
    .selectFrom('block')
    .select(['number', 'hash'])
    .where('chainId', '=', chainId)
    .where('number', '>=', lowest)
    .orderBy('number', 'desc')
    .execute();
  // A shorter branch has no block at our heads' heights; a node that lags behind has none either, and differs nowhere.
  let isUnknown = false;
  for (const block of blocks) {
    const header = await readHeader(client, block.number);
    const isOurs = header?.hash === block.hash;
    if (isOurs && !isUnknown) return block;
    if (isOurs) break;
    isUnknown = header === null;
  }
  const details = { chainId, headNumber: chain.headNumber, finalNumber: chain.finalNumber };
  if (isUnknown) {
    throw new NodeAnswerError('The node lacks indexed blocks and has no others in their place.', details);
  }
  throw new FinalBlockLostError(details);
}
