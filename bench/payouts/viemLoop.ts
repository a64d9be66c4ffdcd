import {
  type Chain,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  parseAbi,
  parseEther,
  type TransactionReceipt,
} from 'viem';
import {
  createNonceManager,
  generatePrivateKey,
  mnemonicToAccount,
  privateKeyToAccount,
} from 'viem/accounts';
import { jsonRpc } from 'viem/nonce';
import type { BlockClock } from './blockClock.ts';
import { payrollRows } from './payrollRows.ts';
import type { FinalGroup } from './sustained.ts';

const TOKEN = parseAbi([
  'function mint(address to, uint256 amount)',
  'function transfer(address to, uint256 amount) returns (bool)',
]);
/** Sends that are under way at once: what a careful author of such a loop would allow. */
const MAX_SENDS_AT_ONCE = 50;
const TRANSFER_GAS = 120_000n;
const FINAL_DEPTH = 5;

/**
 * What teams write without us: a loop of token transfers from one key, viem's nonce manager, sends pipelined, and each
 * payment counted when it is as deep as our FINAL. It keeps no record: killed half-way, it pays twice or not at all.
 */
export async function payByViemLoop(
  rpcUrl: string,
  chainId: number,
  token: Hex,
  clock: BlockClock,
  count: number,
): Promise<{ groups: FinalGroup[]; startedAtBlock: number }> {
  const chain: Chain = {
    id: chainId,
    name: 'bench',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  };
  const transport = http(rpcUrl);
  const reader = createPublicClient({ chain, transport });
  const bank = createWalletClient({
    chain,
    transport,
    account: mnemonicToAccount('test test test test test test test test test test test junk', {
      addressIndex: 8,
    }),
  });
  const nonceManager = createNonceManager({ source: jsonRpc() });
  const account = privateKeyToAccount(generatePrivateKey(), { nonceManager });
  const wallet = createWalletClient({ account, chain, transport });
  const funding = [
    await bank.sendTransaction({ to: account.address, value: parseEther('100') }),
    await bank.writeContract({
      address: token,
      abi: TOKEN,
      functionName: 'mint',
      args: [account.address, 10n ** 15n],
    }),
  ];
  for (const hash of funding) await reader.waitForTransactionReceipt({ hash, pollingInterval: 100 });

  const rows = payrollRows(`viem-${count}-${Date.now()}`, count);
  const { maxFeePerGas, maxPriorityFeePerGas } = await reader.estimateFeesPerGas();
  const hashes: Hex[] = new Array(count);
  const startedAtBlock = Number(clock.latest());
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) {
      const row = rows[index];
      if (row === undefined) return;
      hashes[index] = await wallet.writeContract({
        address: token,
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
  const last = await reader.waitForTransactionReceipt({ hash: hashes.at(-1) as Hex, pollingInterval: 100 });
  await clock.reached(last.blockNumber + BigInt(FINAL_DEPTH - 1));
  return { groups: await groupsByBlock(reader, hashes), startedAtBlock };
}

async function groupsByBlock(
  reader: { getTransactionReceipt(args: { hash: Hex }): Promise<TransactionReceipt> },
  hashes: readonly Hex[],
): Promise<FinalGroup[]> {
  const perBlock = new Map<number, number>();
  for (let start = 0; start < hashes.length; start += MAX_SENDS_AT_ONCE) {
    const receipts = await Promise.all(
      hashes.slice(start, start + MAX_SENDS_AT_ONCE).map((hash) => reader.getTransactionReceipt({ hash })),
    );
    for (const { blockNumber, status } of receipts) {
      if (status !== 'success') throw new Error('A transfer of the viem loop reverted.');
      const block = Number(blockNumber);
      perBlock.set(block, (perBlock.get(block) ?? 0) + 1);
    }
  }
  return [...perBlock].map(([block, payouts]) => ({ payouts, block: block + FINAL_DEPTH - 1 }));
}
