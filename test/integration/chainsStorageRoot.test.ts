import fc from 'fast-check';
import { type Address, numberToHex } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storageRoot } from '../../chains/evm/codec/storageRoot.ts';
import { startTestChain, type TestChain } from '../kit/chain.ts';

const MAX_WORD = 2n ** 256n - 1n;
/** Few slots make leaves and extensions, many make branches of branches. */
const MAX_SLOTS = 80;
const RUNS = 40;
const FIRST_ADDRESS = 0xdec0de0000n;

let chain: TestChain;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain?.stop());

async function rootOf(address: Address): Promise<string> {
  const { storageHash } = await chain.client.getProof({ address, storageKeys: [] });
  return storageHash;
}

test('the root that a node computes of any storage is the one computed here', async () => {
  const slots = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: MAX_WORD }));
  // Not 0: this node keeps such slots in its trie, as no chain does (accountsChange.test.ts has Safes with slots that became 0).
  const values = fc.oneof(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 1n, max: MAX_WORD }));
  let next = FIRST_ADDRESS;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(slots, values), { maxLength: MAX_SLOTS }), async (writes) => {
      const address = numberToHex(next++, { size: 20 });
      const storage = new Map<`0x${string}`, bigint>();
      for (const [position, value] of writes) {
        const index = numberToHex(position, { size: 32 });
        await chain.client.setStorageAt({ address, index, value: numberToHex(value, { size: 32 }) });
        storage.set(index, value);
      }
      // An account of nothing has no root to compare: a balance makes it one.
      await chain.client.setBalance({ address, value: 1n });
      await chain.mine();
      expect(await rootOf(address)).toBe(storageRoot(storage));
    }),
    { numRuns: RUNS },
  );
});
