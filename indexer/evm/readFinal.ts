import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import { NodeAnswerError } from '../../chains/evm/client/nodeAnswer.ts';
import { type EvmHeader, readFinalizedHeader, readHeader } from '../../chains/evm/client/readBlock.ts';

/**
 * The newest block that is final once `block` is the head, by the chain's policy: a depth (the head itself counts as 1),
 * or null for the node's `finalized` tag. Its hash is known where the node named the block itself.
 * @throws NodeAnswerError when the node takes another block of this number for final
 */
export async function readFinal(
  client: EvmClient,
  finalDepth: number | null,
  block: Pick<EvmHeader, 'number' | 'hash'>,
): Promise<{ number: bigint; hash: string | null } | null> {
  if (finalDepth !== null) {
    const number = block.number - BigInt(finalDepth) + 1n;
    return number < 0n ? null : { number, hash: null };
  }
  const finalized = await readFinalizedHeader(client);
  if (finalized === null) return null;
  if (finalized.number < block.number) return { number: finalized.number, hash: finalized.hash };
  // The block was read earlier: make sure that it is the one below the finalized block.
  const now = await readHeader(client, block.number);
  if (now?.hash !== block.hash) {
    throw new NodeAnswerError('The node has finalized another block of this number.', {
      number: block.number,
      hash: block.hash,
    });
  }
  return { number: block.number, hash: block.hash };
}
