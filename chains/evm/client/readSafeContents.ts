import { type Address, type Hash, type Hex, keccak256 } from 'viem';
import { z } from 'zod';
import type { SafeContents } from '../codec/findSafeFaults.ts';
import { safeSlots } from '../codec/safeSlots.ts';
import { slotsUnder, storageLeaves } from '../codec/storageLeaves.ts';
import { encodeWord, storageRoot } from '../codec/storageRoot.ts';
import type { EvmClient } from './evmClient.ts';

/** How often more nodes of a trie are asked for, how many at once, and how deep they may lie, in nibbles. */
const MAX_ROUNDS = 6;
const MAX_MISSING = 64;
const MAX_PREFIX = 3;
const ZERO_WORD = encodeWord(0n);

const hexOf = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .transform((hex) => hex as Hex);
const slotProof = z.object({
  key: hexOf(/^0x[0-9a-fA-F]{1,64}$/),
  value: hexOf(/^0x[0-9a-fA-F]{1,64}$/),
  proof: z.array(hexOf(/^0x[0-9a-f]+$/)),
});
/** EIP-1186. */
const proofAnswer = z.object({
  storageHash: hexOf(/^0x[0-9a-f]{64}$/),
  storageProof: z.array(slotProof),
});

export type SafeLists = {
  readonly owners: readonly Address[];
  readonly modules: readonly Address[];
  /** Of approvals on chain, as readApprovedHashes finds them; none unless given. */
  readonly approvedSlots?: readonly Hex[];
};

/**
 * Whether at one block a known Safe's storage holds nothing but what its lists show. The lists alone do not tell: what is
 * called by delegation, as a setup may, writes into the mappings behind them, and 1 for an address that no list links to
 * makes it a module all the same. The storage's root does tell: it is computed anew of the values in the known slots.
 * @param lists as they were read at the same block, both whole; `approvedSlots`, what else is known
 * @throws viem's errors when the node does not answer, knows no eth_getProof, or has that block's state no longer
 */
export async function readSafeContents(
  client: EvmClient,
  address: Address,
  blockHash: Hash,
  lists: SafeLists,
): Promise<SafeContents> {
  const slots = [...safeSlots(lists.owners, lists.modules), ...(lists.approvedSlots ?? [])];
  const prove = (asked: readonly Hex[]) => readProof(client, address, blockHash, asked);
  const proof = await prove(slots);
  const values = proof === null ? null : valuesOf(slots, proof);
  if (proof === null || values === null) return 'UNPROVEN';
  if (storageRoot(values) === proof.storageHash) return 'LISTED';
  return judgeLeaves(values, proof, prove);
}

type StorageProof = { readonly storageHash: Hex; readonly storageProof: z.output<typeof slotProof>[] };

/** Null where chains answer with proofs of another kind: their storage is no such trie. */
async function readProof(
  client: EvmClient,
  address: Address,
  blockHash: Hash,
  slots: readonly Hex[],
): Promise<StorageProof | null> {
  const answer = await client.request({
    method: 'eth_getProof',
    params: [address, [...slots], { blockHash }],
  });
  return proofAnswer.safeParse(answer).data ?? null;
}

/** Null where a slot that was asked for is not among the answers. */
function valuesOf(slots: readonly Hex[], { storageProof }: StorageProof): Map<Hex, bigint> | null {
  const answered = new Map(storageProof.map(({ key, value }) => [BigInt(key), BigInt(value)]));
  const values = new Map<Hex, bigint>();
  for (const slot of slots) {
    const value = answered.get(BigInt(slot));
    if (value === undefined) return null;
    values.set(slot, value);
  }
  return values;
}

/**
 * LISTED where what the root holds besides are slots of 0 alone. Ethereum's storage has none, but anvil 1.7.1 keeps every slot
 * that was looked at, or became 0, in the trie: there one leaf after the other is looked at.
 */
async function judgeLeaves(
  values: ReadonlyMap<Hex, bigint>,
  first: StorageProof,
  prove: (slots: readonly Hex[]) => Promise<StorageProof | null>,
): Promise<SafeContents> {
  const held = [...values].filter(([, value]) => value !== 0n);
  const known = new Map(held.map(([slot, value]) => [keccak256(slot).slice(2), encodeWord(value)]));
  const nodes = new Set(nodesOf(first));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { leaves, missing } = storageLeaves(first.storageHash, [...nodes]);
    const filled = leaves.filter(({ value }) => value !== ZERO_WORD);
    if (filled.some(({ path, value }) => known.get(path) !== value)) return 'MORE';
    if (missing.length === 0) return filled.length === known.size ? 'LISTED' : 'MORE';
    if (missing.length > MAX_MISSING || missing.some((prefix) => prefix.length > MAX_PREFIX)) return 'MORE';
    const next = await prove(slotsUnder(missing));
    if (next === null) return 'UNPROVEN';
    for (const node of nodesOf(next)) nodes.add(node);
  }
  return 'MORE';
}

function nodesOf({ storageProof }: StorageProof): Hex[] {
  return storageProof.flatMap(({ proof }) => proof);
}
