import type { Hash } from 'viem';
import type { EvmHeader } from '../../chains/evm/client/readBlock.ts';
import { readInclusion } from '../../chains/evm/client/readInclusion.ts';
import type { EvmReader } from './readBlockFacts.ts';
import { readFinal } from './readFinal.ts';

/**
 * The block at which indexing of a chain begins: the one that is final now, below which no reorg goes. A worker may have
 * signed before any indexer ran: what blocks have of that already is not left behind.
 */
export async function readFirstNumber(reader: EvmReader, latest: EvmHeader): Promise<bigint> {
  const { client, database, chain } = reader;
  const final = await readFinal(client, chain.finalDepth, latest);
  const signed = await database
    .selectFrom('chainTransaction')
    .select('hash')
    .where('chainId', '=', chain.id)
    .where('rawTransaction', 'is not', null)
    .execute();
  const included = await Promise.all(signed.map(({ hash }) => readInclusion(client, hash as Hash)));
  return included.reduce<bigint>(
    (first, number) => (number !== null && number < first ? number : first),
    final?.number ?? 0n,
  );
}
