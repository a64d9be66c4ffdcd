import { type Address, bytesToHex, type Hex, keccak256, stringToBytes } from 'viem';
import { type ChunkDomain, chunkLeaf } from '../../chains/evm/codec/chunkLeaf.ts';
import { chunkTree } from '../../chains/evm/codec/chunkTree.ts';
import { packRows } from '../../chains/evm/codec/packRows.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';

/** The rows in each chunk of a case. Odd counts at several levels are there: 3, 5, 6 and 7 chunks. */
const CASES = {
  oneRow: [1],
  fullChunk: [200],
  twoChunks: [2, 1],
  threeChunks: [2, 2, 1],
  fourChunks: [1, 1, 1, 1],
  fiveChunks: [3, 3, 3, 3, 2],
  sixChunks: [1, 2, 3, 4, 5, 6],
  sevenChunks: [2, 2, 2, 2, 2, 2, 1],
} as const;

/**
 * One flat object a case, under its name, for forge's parseJson by path (`.threeChunks.leaves`); `cases` lists the
 * names. `proof0`, `proof1`… are the proofs by chunk index, `total` the rows’ sum.
 */
export function chunkVectors(): Record<string, unknown> {
  const names = Object.keys(CASES) as (keyof typeof CASES)[];
  return {
    cases: names,
    ...Object.fromEntries(names.map((name) => [name, chunkCase(name, CASES[name])])),
  };
}

function chunkCase(name: string, rowCounts: readonly number[]) {
  const chainId = name === 'oneRow' ? 1 : 31337;
  const domain: ChunkDomain = {
    chainId,
    factory: addressOf(`${name} factory`),
    payer: addressOf(`${name} payer`),
    batchId: `0x${'00'.repeat(16)}${digestOf(`${name} batch`).slice(2, 34)}`,
    token: addressOf(`${name} token`),
  };
  const implementation = addressOf(`${name} implementation`);
  const rows = rowCounts.map((count, chunk) =>
    Array.from({ length: count }, (_, row) => rowOf(name, chunk, row)),
  );
  const chunks = rows.map(packRows);
  const leaves = chunks.map((chunk, index) => chunkLeaf(domain, index, chunk));
  const tree = chunkTree(leaves);
  return {
    ...domain,
    implementation,
    vault: vaultAddress({ ...domain, implementation }),
    chunkCount: tree.chunkCount,
    total: rows
      .flat()
      .reduce((sum, row) => sum + row.units, 0n)
      .toString(),
    chunks: chunks.map((chunk) => bytesToHex(chunk)),
    leaves,
    root: tree.root,
    ...Object.fromEntries(leaves.map((_, index) => [`proof${index}`, tree.proof(index)])),
  };
}

/** Amounts from one unit to the largest that a row can carry. */
function rowOf(name: string, chunk: number, row: number): PayoutRow {
  const seed = digestOf(`${name} row ${chunk} ${row}`);
  const largest = 2n ** 96n - 1n;
  const units = name === 'twoChunks' && chunk === 0 ? [1n, largest][row] : (BigInt(seed) % 10n ** 12n) + 1n;
  return { recipient: addressOf(`${name} recipient ${chunk} ${row}`), units: units ?? 1n };
}

function digestOf(label: string): Hex {
  return keccak256(stringToBytes(label));
}

function addressOf(label: string): Address {
  return `0x${digestOf(label).slice(26)}`;
}
