import type { Hex } from 'viem';
import { type PeerChain, readerOf } from './bank.ts';
import type { BlockClock } from './blockClock.ts';
import type { FinalGroup } from './sustained.ts';

/** A payment counts when it is as deep as ours are when they are FINAL on the embedded chain. */
const FINAL_DEPTH = 5;
const RECEIPTS_AT_ONCE = 50;
const POLL_MS = 100;

/** Waits until the last of these transactions is final. @returns how many payouts were at which block */
export async function finalGroups(
  peer: PeerChain,
  clock: BlockClock,
  sent: readonly { hash: Hex; payouts: number }[],
): Promise<FinalGroup[]> {
  const reader = readerOf(peer);
  const last = await reader.waitForTransactionReceipt({
    hash: sent.at(-1)?.hash as Hex,
    pollingInterval: POLL_MS,
    timeout: 0,
  });
  await clock.reached(last.blockNumber + BigInt(FINAL_DEPTH - 1));
  const perBlock = new Map<number, number>();
  for (let start = 0; start < sent.length; start += RECEIPTS_AT_ONCE) {
    const slice = sent.slice(start, start + RECEIPTS_AT_ONCE);
    const receipts = await Promise.all(slice.map(({ hash }) => reader.getTransactionReceipt({ hash })));
    for (const [index, { blockNumber, status }] of receipts.entries()) {
      if (status !== 'success') throw new Error('A payment of a peer was reverted.');
      const block = Number(blockNumber);
      perBlock.set(block, (perBlock.get(block) ?? 0) + (slice[index]?.payouts ?? 0));
    }
  }
  return [...perBlock].map(([block, payouts]) => ({ payouts, block: block + FINAL_DEPTH - 1 }));
}
