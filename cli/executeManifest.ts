import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem';
import { encodeExecuteChunk } from '../chains/evm/codec/encodeExecuteChunk.ts';
import { type Manifest, manifestTree } from '../chains/evm/codec/manifest.ts';
import { executeGasLimit } from '../chains/evm/codec/payoutGas.ts';
import { vaultAddress } from '../chains/evm/codec/vaultAddress.ts';
import { payoutVaultAbi } from '../contracts/abi/payoutVault.ts';
import { payoutVaultFactoryAbi } from '../contracts/abi/payoutVaultFactory.ts';
import { CliError } from './cliError.ts';

const MAX_TRANSACTIONS_AT_ONCE = 20;
/** A chunk that others execute at the same moment makes ours revert; each pass does what is still open. */
const MAX_PASSES = 20;
const RECEIPT_TIMEOUT_MS = 180_000;
const MAX_BATCHED_READS = 100;

export type ExecutionReport = {
  executed: number;
  alreadyExecuted: number;
  owedRows: number;
  transactions: number;
};
type Wallet = WalletClient<Transport, Chain, Account>;

/**
 * Pays every chunk of a batch that is still open, with nothing but its manifest, a node and a key that pays gas. What was
 * executed is skipped, so it can be run again at any time, and beside others.
 * @throws CliError when the batch is not open on this chain, or is not the manifest's
 */
export async function executeManifest(
  manifest: Manifest,
  rpcUrl: string,
  account: Account,
  say: (line: string) => void,
): Promise<ExecutionReport> {
  const transport = http(rpcUrl, { batch: { batchSize: MAX_BATCHED_READS } });
  const reader = createPublicClient({ transport });
  const chainId = await reader.getChainId();
  if (chainId !== manifest.chainId) {
    throw new CliError(`The node is of chain ${chainId}; the manifest is for chain ${manifest.chainId}.`);
  }
  const chain: Chain = {
    id: chainId,
    name: `eip155:${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  };
  const wallet = createWalletClient({ account, chain, transport });
  const vault = await requireOpenVault(reader, manifest);
  const tree = manifestTree(manifest);
  const all = manifest.chunks.map((_, index) => index);
  let open = await unexecuted(reader, vault, all);
  const alreadyExecuted = all.length - open.length;
  let transactions = 0;
  for (let pass = 0; open.length > 0 && pass < MAX_PASSES; pass += 1) {
    const group = open.slice(0, MAX_TRANSACTIONS_AT_ONCE);
    transactions += group.length;
    await executeChunks(
      reader,
      wallet,
      vault,
      manifest,
      group.map((index) => ({ index, proof: tree.proof(index) })),
    );
    const before = open.length;
    open = await unexecuted(reader, vault, open);
    if (open.length < before) pass = -1;
    say(`${all.length - open.length} of ${all.length} chunks are executed.`);
  }
  if (open.length > 0)
    throw new CliError(`${open.length} chunk(s) could not be executed. Run the command again.`);
  const owedRows = await reader.readContract({
    address: vault,
    abi: payoutVaultAbi,
    functionName: 'owedRowCount',
  });
  return {
    executed: all.length - alreadyExecuted,
    alreadyExecuted,
    owedRows: Number(owedRows),
    transactions,
  };
}

async function requireOpenVault(reader: PublicClient, manifest: Manifest): Promise<Hex> {
  const { factory, payer, batchId } = manifest;
  const opened = await reader
    .readContract({
      address: factory,
      abi: payoutVaultFactoryAbi,
      functionName: 'isOpened',
      args: [payer, batchId],
    })
    .catch((cause: Error) => {
      throw new CliError(
        `The vault factory ${factory} does not answer on this chain (${cause.message.split('\n')[0]}).`,
      );
    });
  if (!opened)
    throw new CliError(
      'The batch has not been opened on this chain: its Safe transaction was not executed yet.',
    );
  const vault = vaultAddress(manifest);
  const contract = { address: vault, abi: payoutVaultAbi } as const;
  const [root, token, isClosed] = await Promise.all([
    reader.readContract({ ...contract, functionName: 'root' }),
    reader.readContract({ ...contract, functionName: 'token' }),
    reader.readContract({ ...contract, functionName: 'isClosed' }),
  ]);
  if (isClosed) throw new CliError('The batch is closed: what was not paid went back to the payer.');
  if (root !== manifest.root || token.toLowerCase() !== manifest.token.toLowerCase()) {
    throw new CliError('The vault was opened with another root or token than the manifest says.');
  }
  return vault;
}

async function unexecuted(reader: PublicClient, vault: Hex, indexes: readonly number[]): Promise<number[]> {
  const executed = await Promise.all(
    indexes.map((index) =>
      reader.readContract({
        address: vault,
        abi: payoutVaultAbi,
        functionName: 'isExecuted',
        args: [BigInt(index)],
      }),
    ),
  );
  return indexes.filter((_, position) => executed[position] === false);
}

async function executeChunks(
  reader: PublicClient,
  wallet: Wallet,
  vault: Hex,
  manifest: Manifest,
  chunks: readonly { index: number; proof: readonly Hex[] }[],
): Promise<void> {
  const firstNonce = await reader.getTransactionCount({
    address: wallet.account.address,
    blockTag: 'pending',
  });
  const hashes = await Promise.all(
    chunks.map(({ index, proof }, position) => {
      const rows = manifest.chunks[index] as Uint8Array;
      return wallet.sendTransaction({
        to: vault,
        data: encodeExecuteChunk({ chunkIndex: index, rows, proof }),
        nonce: firstNonce + position,
        // Computed: an estimate finds the amount of gas at which rows fail.
        gas: executeGasLimit({
          rowCount: rows.length / 32,
          gasPerPayout: manifest.gasPerPayout,
          proofLength: proof.length,
        }),
      });
    }),
  );
  await Promise.all(
    hashes.map((hash) => reader.waitForTransactionReceipt({ hash, timeout: RECEIPT_TIMEOUT_MS })),
  );
}
