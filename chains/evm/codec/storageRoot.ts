import { type Hex, keccak256, numberToHex, toRlp } from 'viem';

/** One slot's path in the trie, 64 nibbles of hex without prefix, and its value as the trie holds it. */
type Entry = { readonly path: string; readonly value: Hex };
/** A node before it is encoded: a leaf or an extension of two items, a branch of seventeen. */
type TrieNode = readonly (Hex | TrieNode)[];

const NOTHING: Hex = '0x';
const NIBBLES = '0123456789abcdef';
const HASH_BYTES = 32;

/** The root of a storage that holds nothing. */
export const EMPTY_STORAGE_ROOT: Hex = keccak256(toRlp(NOTHING));

/**
 * The `storageRoot` of an account (Ethereum's yellow paper, appendix D) whose storage holds these values and nothing else:
 * the Merkle Patricia trie over keccak256(slot) → rlp(value). Two storages that differ in any slot have different roots.
 * @param values by slot, 32 bytes each; those that are 0 are not in a storage, and left out
 */
export function storageRoot(values: ReadonlyMap<Hex, bigint>): Hex {
  // By path: the same slot in other letters is the same slot.
  const byPath = new Map(
    [...values]
      .filter(([, value]) => value !== 0n)
      .map(([slot, value]) => [keccak256(slot).slice(2), encodeWord(value)]),
  );
  const entries = [...byPath]
    .map(([path, value]) => ({ path, value }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  return entries.length === 0 ? EMPTY_STORAGE_ROOT : keccak256(toRlp(nodeOf(entries, 0)));
}

/**
 * The node of sorted entries whose paths are the same up to a depth.
 * @param depth in nibbles
 */
function nodeOf(entries: readonly Entry[], depth: number): TrieNode {
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A node of a trie holds something.');
  if (entries.length === 1) return [packPath(first.path.slice(depth), true), first.value];
  let fork = depth;
  // Sorted: what the first and the last share, all share. Paths differ, so that this ends.
  while (first.path[fork] === last.path[fork]) fork++;
  const branch = branchOf(entries, fork);
  return fork === depth ? branch : [packPath(first.path.slice(depth, fork), false), referenceTo(branch)];
}

function branchOf(entries: readonly Entry[], depth: number): TrieNode {
  const groups = Map.groupBy(entries, ({ path }) => path[depth]);
  const children = [...NIBBLES].map((nibble) => {
    const group = groups.get(nibble);
    return group === undefined ? NOTHING : referenceTo(nodeOf(group, depth + 1));
  });
  // All paths are equally long: none ends in a branch.
  return [...children, NOTHING];
}

/** How a node stands in its parent: as it is where that is shorter than its hash. */
function referenceTo(node: TrieNode): Hex | TrieNode {
  const encoded = toRlp(node);
  return (encoded.length - 2) / 2 < HASH_BYTES ? node : keccak256(encoded);
}

/** Nibbles as bytes, with what they are of and whether they are odd in the first ("hex prefix"). */
function packPath(nibbles: string, isLeaf: boolean): Hex {
  const isOdd = nibbles.length % 2 === 1;
  const flags = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0);
  return `0x${flags}${isOdd ? '' : '0'}${nibbles}`;
}

/** A slot's value as the trie holds it: RLP of the number without leading zeros. */
export function encodeWord(value: bigint): Hex {
  if (value === 0n) return toRlp(NOTHING);
  const hex = numberToHex(value).slice(2);
  return toRlp(`0x${hex.length % 2 === 1 ? '0' : ''}${hex}`);
}
