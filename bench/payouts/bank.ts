import {
  type Chain,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  parseAbi,
  parseEther,
} from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

const MINT = parseAbi(['function mint(address to, uint256 amount)']);
const DEVELOPMENT_MNEMONIC = 'test test test test test test test test test test test junk';
/** None of the stack's own. */
const BANK_INDEX = 8;
const NATIVE = parseEther('100');
const TOKEN_UNITS = 10n ** 15n;
const POLL_MS = 100;

/** The chain that peers are measured on: ours, while we do nothing on it. */
export type PeerChain = { chain: Chain; rpcUrl: string; token: Hex };

export function peerChain(rpcUrl: string, chainId: number, token: Hex): PeerChain {
  const chain: Chain = {
    id: chainId,
    name: 'bench',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  };
  return { chain, rpcUrl, token };
}

export function readerOf({ chain, rpcUrl }: PeerChain) {
  return createPublicClient({ chain, transport: http(rpcUrl) });
}

function bankOf({ chain, rpcUrl }: PeerChain) {
  const account = mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex: BANK_INDEX });
  return createWalletClient({ chain, transport: http(rpcUrl), account });
}

/** Native currency for gas, and more of the token than any batch pays. Resolves when both have arrived. */
export async function fund(peer: PeerChain, addresses: { gas: Hex; token: Hex }): Promise<void> {
  const bank = bankOf(peer);
  const hashes = [
    await bank.sendTransaction({ to: addresses.gas, value: NATIVE }),
    await bank.writeContract({
      address: peer.token,
      abi: MINT,
      functionName: 'mint',
      args: [addresses.token, TOKEN_UNITS],
    }),
  ];
  for (const hash of hashes)
    await readerOf(peer).waitForTransactionReceipt({ hash, pollingInterval: POLL_MS });
}

/** Sends a transaction that somebody else made. Resolves when it is included. */
export async function sendFromBank(peer: PeerChain, transaction: { to: Hex; data: Hex }): Promise<void> {
  const hash = await bankOf(peer).sendTransaction(transaction);
  const receipt = await readerOf(peer).waitForTransactionReceipt({ hash, pollingInterval: POLL_MS });
  if (receipt.status !== 'success') throw new Error('What the peer asked for was reverted.');
}
