import { type Address, createWalletClient, type Hex, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { startTestChain, type TestAccount, type TestChain } from '../kit/chain.ts';

export type Answer = { id: number; result?: unknown; error?: { code: number; message: string } };
export type Fields = Record<string, unknown>;

/** A real node, somebody with money on it, and a transaction of theirs that a block has. */
export type AskedChain = {
  chain: TestChain;
  token: Address;
  account: TestAccount;
  minted: Hex;
  /** One more; a block must be mined for it. */
  mint(): Promise<Hex>;
  /** A transfer of nothing, signed and not sent. */
  signed(): Promise<Hex>;
};

const UNITS = 7n;

export async function startAskedChain(): Promise<AskedChain> {
  const chain = await startTestChain();
  const account = required(chain.strangers[0], 'An account');
  const token = required(chain.contracts.DevelopmentUSDC, 'The token') as Address;
  const mint = () =>
    chain.client.writeContract({
      account: privateKeyToAccount(account.privateKey),
      address: token,
      abi: developmentUsdcAbi,
      functionName: 'mint',
      args: [account.address, UNITS],
      chain: null,
    });
  const minted = await mint();
  await chain.mine();
  return {
    ...{ chain, token, account, minted, mint },
    signed: async () => {
      const signer = privateKeyToAccount(account.privateKey);
      const wallet = createWalletClient({ account: signer, transport: http(chain.rpcUrl) });
      const to = account.address;
      const request = await wallet.prepareTransactionRequest({ to, value: 0n, gas: 50_000n, chain: null });
      return wallet.signTransaction({ ...request, to, chain: null });
    },
  };
}

export function question(method: string, params: readonly unknown[] = [], id = 1) {
  return { jsonrpc: '2.0', id, method, params };
}

export async function post(url: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

export async function ask(url: string, method: string, params: readonly unknown[] = []): Promise<Answer> {
  return (await (await post(url, question(method, params))).json()) as Answer;
}

/** The same question to the node and by way of its proxy. */
export async function askBoth(
  { chain }: AskedChain,
  proxy: { rpcUrl: string },
  method: string,
  params: readonly unknown[] = [],
): Promise<{ truth: Fields; said: Fields }> {
  const truth = (await ask(chain.rpcUrl, method, params)).result;
  const said = (await ask(proxy.rpcUrl, method, params)).result;
  return { truth, said } as { truth: Fields; said: Fields };
}
