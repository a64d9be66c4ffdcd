import type { Address, Hex } from 'viem';
import { chunkLeaf } from './chunkLeaf.ts';
import { type ChunkTree, chunkTree } from './chunkTree.ts';
import type { PayoutRow } from './payoutRow.ts';
import { unpackRows } from './unpackRows.ts';

/**
 * A batch in full: what is signed follows from it, and with it, a node's URL and a funded key anyone can execute the
 * batch. Times are unix seconds, `total` is in base units, `chunks` are packed rows in chunk order, `tokenDecimals` and
 * `tokenSymbol` are for display and to be checked against what the reader knows of the token.
 */
export type Manifest = {
  readonly chainId: number;
  readonly factory: Address;
  readonly implementation: Address;
  readonly payer: Address;
  readonly batchId: Hex;
  readonly token: Address;
  readonly tokenDecimals: number;
  readonly tokenSymbol: string;
  readonly total: bigint;
  readonly root: Hex;
  readonly gasPerPayout: number;
  readonly chunkCount: number;
  readonly openBy: bigint;
  readonly closeAfter: bigint;
  readonly chunks: readonly Uint8Array[];
};

/** The first field of every manifest file; another version is another format. */
export const MANIFEST_FORMAT = 'protocol-banks/manifest@1';

/** All rows of a manifest, in payout order. Recipients in lower case. @throws CodecError when a chunk is not rows */
export function manifestRows({ chunks }: Pick<Manifest, 'chunks'>): PayoutRow[] {
  return chunks.flatMap(unpackRows);
}

/** Leaves and tree, computed from the rows; what `root` and `chunkCount` say is not looked at. @throws CodecError */
export function manifestTree(
  manifest: Omit<Manifest, 'total' | 'root' | 'chunkCount'>,
): ChunkTree & { leaves: Hex[] } {
  const leaves = manifest.chunks.map((chunk, index) => chunkLeaf(manifest, index, chunk));
  return { ...chunkTree(leaves), leaves };
}
