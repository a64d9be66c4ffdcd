import { concatHex, encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';

/**
 * The chunk format a second time, slowly and straight from its description, with viem's ABI encoder and hex strings:
 * what the codec's byte arithmetic is compared with. It imports nothing of ours.
 */
export type ReferenceRow = { recipient: Hex; units: bigint };
export type ReferenceDomain = { chainId: number; factory: Hex; payer: Hex; batchId: Hex; token: Hex };

const TYPE =
  'PayoutChunk(uint256 chainId,address factory,address payer,bytes32 batchId,address token,uint256 chunkIndex,uint256 rowCount,bytes32 rowsHash)';

export function referenceRows(rows: readonly ReferenceRow[]): Hex {
  return concatHex(rows.flatMap(({ recipient, units }) => [recipient, toHex(units, { size: 12 })]));
}

export function referenceLeaf(domain: ReferenceDomain, chunkIndex: number, rows: Hex): Hex {
  const encoded = encodeAbiParameters(
    ['bytes32', 'uint256', 'address', 'address', 'bytes32', 'address', 'uint256', 'uint256', 'bytes32'].map(
      (type) => ({ type }),
    ),
    [
      keccak256(toHex(TYPE)),
      BigInt(domain.chainId),
      domain.factory,
      domain.payer,
      domain.batchId,
      domain.token,
      BigInt(chunkIndex),
      BigInt((rows.length - 2) / 64),
      keccak256(rows),
    ],
  );
  return keccak256(concatHex(['0x00', keccak256(encoded)]));
}

export function referenceRoot(leaves: readonly Hex[]): Hex {
  let level = [...leaves];
  while (level.length > 1) {
    const next: Hex[] = [];
    while (level.length > 0) {
      const [left, right, ...rest] = level;
      next.push(right === undefined ? (left as Hex) : keccak256(concatHex(['0x01', left as Hex, right])));
      level = rest;
    }
    level = next;
  }
  return level[0] as Hex;
}

/** Whether folding the proof over the leaf gives the root; `null` siblings are promotions. */
export function referenceVerify(
  root: Hex,
  count: number,
  index: number,
  leaf: Hex,
  proof: readonly Hex[],
): boolean {
  const left = [...proof];
  let hash = leaf;
  let position = index;
  let width = count;
  while (width > 1) {
    if (!(position === width - 1 && width % 2 === 1)) {
      const sibling = left.shift();
      if (sibling === undefined) return false;
      hash = keccak256(concatHex(position % 2 === 0 ? ['0x01', hash, sibling] : ['0x01', sibling, hash]));
    }
    position = Math.floor(position / 2);
    width = Math.floor((width + 1) / 2);
  }
  return left.length === 0 && hash === root;
}
