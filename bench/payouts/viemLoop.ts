import { createWalletClient, type Hex, http, parseAbi } from 'viem';
import { createNonceManager, generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { jsonRpc } from 'viem/nonce';
import { fund, type PeerChain, readerOf } from './bank.ts';
import type { BlockClock } from './blockClock.ts';
import { finalGroups } from './finalGroups.ts';
import { payrollRows } from './payrollRows.ts';
import type { FinalGroup } from './sustained.ts';

const TOKEN = parseAbi(['function transfer(address to, uint256 amount) returns (bool)']);
/** Sends that are under way at once: what a careful author of such a loop would allow. */
const MAX_SENDS_AT_ONCE = 50;
const TRANSFER_GAS = 120_000n;

/** Payments of a peer, and the block in which it began. */
export type PeerRun = { groups: FinalGroup[]; startedAtBlock: number };

/**
 * What teams write without us: a loop of token transfers from one key, viem's nonce manager, sends pipelined, and each
 * payment counted when it is as deep as our FINAL. It keeps no record: killed half-way, it pays twice or not at all.
 */
export async function payByViemLoop(peer: PeerChain, clock: BlockClock, count: number): Promise<PeerRun> {
  const nonceManager = createNonceManager({ source: jsonRpc() });
  const account = privateKeyToAccount(generatePrivateKey(), { nonceManager });
  const wallet = createWalletClient({ account, chain: peer.chain, transport: http(peer.rpcUrl) });
  await fund(peer, { gas: account.address, token: account.address });

  const rows = payrollRows(`viem-${count}-${Date.now()}`, count);
  const { maxFeePerGas, maxPriorityFeePerGas } = await readerOf(peer).estimateFeesPerGas();
  const hashes: Hex[] = new Array(count);
  const startedAtBlock = Number(clock.latest());
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const row = rows[index];
      if (row === undefined) return;
      hashes[index] = await wallet.writeContract({
        address: peer.token,
        abi: TOKEN,
        functionName: 'transfer',
        args: [row.recipient, row.units],
        gas: TRANSFER_GAS,
        maxFeePerGas: maxFeePerGas * 4n,
        maxPriorityFeePerGas,
      });
    }
  };
  await Promise.all(Array.from({ length: MAX_SENDS_AT_ONCE }, worker));
  const sent = hashes.map((hash) => ({ hash, payouts: 1 }));
  return { groups: await finalGroups(peer, clock, sent), startedAtBlock };
}
