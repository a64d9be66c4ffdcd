import { fromRlp, type Hex, keccak256, numberToHex } from 'viem';

/** What a slot holds. `path`: keccak256 of the slot, 64 nibbles without prefix; of `value`, bytes of RLP. */
export type StorageLeaf = { readonly path: string; readonly value: Hex };

type TrieNode = Hex | readonly TrieNode[];

const HASH_LENGTH = 66;
const BRANCH_ITEMS = 17;
const NOTHING: Hex = '0x';

/**
 * Follows a storage trie from its root as far as its nodes are known.
 * @param encoded nodes in RLP, from whomever: only those that the root leads to by their hashes are looked at
 * @returns the leaves, and under which prefixes of paths there are more
 */
export function storageLeaves(
  root: Hex,
  encoded: readonly Hex[],
): { leaves: readonly StorageLeaf[]; missing: readonly string[] } {
  const nodes = new Map(encoded.map((node) => [keccak256(node), node]));
  const leaves: StorageLeaf[] = [];
  const missing: string[] = [];
  const follow = (reference: TrieNode, prefix: string): void => {
    if (typeof reference !== 'string') {
      open(reference, prefix);
      return;
    }
    if (reference.length !== HASH_LENGTH) throw new RangeError('A node of a trie is named by its hash.');
    const node = nodes.get(reference);
    if (node === undefined) missing.push(prefix);
    else open(fromRlp(node) as TrieNode, prefix);
  };
  const open = (node: TrieNode, prefix: string): void => {
    if (typeof node !== 'string' && node.length === BRANCH_ITEMS) {
      for (const [nibble, child] of node.slice(0, -1).entries()) {
        if (child !== NOTHING) follow(child, prefix + nibble.toString(16));
      }
      return;
    }
    const [packed, next] = typeof node === 'string' ? [] : node;
    if (typeof packed !== 'string' || next === undefined)
      throw new RangeError('A node of a trie is malformed.');
    const flags = Number(packed[2]);
    const path = prefix + packed.slice(flags % 2 === 1 ? 3 : 4);
    if (flags < 2) follow(next, path);
    else leaves.push({ path, value: next as Hex });
  };
  follow(root, '');
  return { leaves, missing };
}

/**
 * For each prefix a slot whose path begins so: they are tried one after the other, 16 to the power of the longest prefix.
 * @param prefixes in nibbles; short ones
 */
export function slotsUnder(prefixes: readonly string[]): Hex[] {
  const wanted = new Set(prefixes);
  const slots: Hex[] = [];
  for (let position = 0n; wanted.size > 0; position++) {
    const slot = numberToHex(position, { size: 32 });
    const path = keccak256(slot).slice(2);
    for (const prefix of wanted) {
      if (!path.startsWith(prefix)) continue;
      wanted.delete(prefix);
      slots.push(slot);
    }
  }
  return slots;
}
