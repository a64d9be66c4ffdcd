import { createWalletClient, type Hex, http, parseAbi } from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { signIn } from '../../cli/apiClient.ts';
import type { StackFile } from '../../cli/stackFile.ts';
import type { BlockClock } from './blockClock.ts';

const MINT = parseAbi(['function mint(address to, uint256 amount)']);
const MINT_GAS = 150_000n;

const WATCH_TRANSFERS = /* GraphQL */ `
  subscription BenchTransfers($accountId: ID!) {
    transferUpdated(accountId: $accountId) {
      kind
      transfer { status transaction { blockNumber } }
    }
  }
`;
type TransferAnswer = {
  transferUpdated: {
    kind: string;
    transfer: { status: string; transaction: { blockNumber: string | null } } | null;
  };
};

/**
 * Milliseconds from the moment this process hears of a block from the node to the moment a subscriber of the API is told
 * of a transfer in it, for `blocks` blocks.
 */
export async function subscriberLatencies(
  stack: StackFile,
  safe: Hex,
  token: Hex,
  clock: BlockClock,
  blocks: number,
): Promise<number[]> {
  const [member] = stack.demo.approvers;
  const api = await signIn(stack.api, privateKeyToAccount(member?.privateKey as Hex), stack.chainId);
  const wallet = createWalletClient({
    account: mnemonicToAccount('test test test test test test test test test test test junk', {
      addressIndex: 7,
    }),
    transport: http(stack.evmRpc),
  });
  const mint = () =>
    wallet.writeContract({
      address: token,
      abi: MINT,
      functionName: 'mint',
      args: [safe, 1n],
      gas: MINT_GAS,
      chain: null,
    });
  const latencies = new Map<bigint, number>();
  const producing = mintEachBlock(clock, mint, () => latencies.size < blocks);
  for await (const { transferUpdated } of api.subscribe<TransferAnswer>(WATCH_TRANSFERS, () => ({
    accountId: stack.demo.accountId,
  }))) {
    const toldAt = performance.now();
    const blockNumber = transferUpdated.transfer?.transaction.blockNumber;
    if (transferUpdated.kind === 'CHANGED' && blockNumber !== null && blockNumber !== undefined) {
      const block = BigInt(blockNumber);
      const heardAt = clock.heardAt(block);
      // The first message of a block is its inclusion; later ones tell of its depth.
      if (heardAt !== null && !latencies.has(block)) latencies.set(block, toldAt - heardAt);
    }
    if (latencies.size >= blocks) break;
  }
  await producing;
  return [...latencies.values()];
}

async function mintEachBlock(
  clock: BlockClock,
  mint: () => Promise<unknown>,
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn()) {
    await mint();
    await clock.reached(clock.latest() + 1n);
  }
}
