import { encodeFunctionData, getAddress, type Hex, parseAbi } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { SAFE_DEPLOYMENT } from '../../chains/evm/codec/safeDeployment.ts';
import { fund, type PeerChain, readerOf, sendFromBank } from './bank.ts';
import type { BlockClock } from './blockClock.ts';
import { finalGroups } from './finalGroups.ts';
import { type BenchPayout, payrollRows } from './payrollRows.ts';
import type { PeerRun } from './viemLoop.ts';

const PAYOUTS_PER_TRANSACTION = 200;
/** New holders of the token cost about 30,000 each. */
const EXECUTION_GAS = '12000000';
const THRESHOLD = 2;
/** Each asks the node some ten questions before it sends. More at once were no faster. */
const EXECUTIONS_AT_ONCE = 8;
const TOKEN = parseAbi(['function transfer(address to, uint256 amount) returns (bool)']);

// What is used of @safe-global/protocol-kit 8 (MIT): it is installed in bench/ alone, when it is measured.
type SafeTransaction = { readonly signatures: ReadonlyMap<string, unknown> };
type Call = { to: string; value: string; data: string };
type ProtocolKit = {
  createSafeDeploymentTransaction(): Promise<{ to: string; data: string }>;
  getAddress(): Promise<string>;
  connect(config: { safeAddress: string; signer?: string }): Promise<ProtocolKit>;
  createTransaction(props: {
    transactions: Call[];
    onlyCalls: true;
    options: { nonce: number };
  }): Promise<SafeTransaction>;
  signTransaction(transaction: SafeTransaction): Promise<SafeTransaction>;
  executeTransaction(
    transaction: SafeTransaction,
    options: { gasLimit: string; nonce: number; maxFeePerGas: string; maxPriorityFeePerGas: string },
  ): Promise<{ hash: string }>;
};
type ProtocolKitModule = { default: { init(config: object): Promise<ProtocolKit> } };
const PROTOCOL_KIT: string = '@safe-global/protocol-kit';

/**
 * What Safe's own SDK offers for the same: a 2-of-3 Safe, MultiSendCallOnly of 200 transfers, both owners' signatures on
 * each, executed by one of them. Pipelined, with nonces and gas limits given, so that it waits for no block.
 */
export async function payBySafeMultiSend(
  peer: PeerChain,
  clock: BlockClock,
  count: number,
): Promise<PeerRun> {
  const keys = Array.from({ length: 3 }, () => generatePrivateKey());
  const owners = keys.map((key) => privateKeyToAccount(key).address);
  const [executor, second] = await openSafe(peer, keys);
  await fund(peer, { gas: owners[0] as Hex, token: (await executor.getAddress()) as Hex });

  const rows = payrollRows(`safe-${count}-${Date.now()}`, count);
  const batches = Array.from({ length: Math.ceil(count / PAYOUTS_PER_TRANSACTION) }, (_, index) =>
    rows.slice(index * PAYOUTS_PER_TRANSACTION, (index + 1) * PAYOUTS_PER_TRANSACTION),
  );
  const fees = await readerOf(peer).estimateFeesPerGas();
  const sent: { hash: Hex; payouts: number }[] = new Array(batches.length);
  const startedAtBlock = Number(clock.latest());
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < batches.length; index = next++) {
      const batch = batches[index] ?? [];
      // Executor and Safe are new: their nonces are the batch's number.
      const drafted = await executor.createTransaction({
        transactions: callsOf(peer, batch),
        onlyCalls: true,
        options: { nonce: index },
      });
      const signed = await second.signTransaction(await executor.signTransaction(drafted));
      const { hash } = await executor.executeTransaction(signed, {
        gasLimit: EXECUTION_GAS,
        nonce: index,
        maxFeePerGas: `${fees.maxFeePerGas * 4n}`,
        maxPriorityFeePerGas: `${fees.maxPriorityFeePerGas}`,
      });
      sent[index] = { hash: hash as Hex, payouts: batch.length };
    }
  };
  await Promise.all(Array.from({ length: EXECUTIONS_AT_ONCE }, worker));
  return { groups: await finalGroups(peer, clock, sent), startedAtBlock };
}

/** The Safe as two of its owners have it. */
async function openSafe(peer: PeerChain, keys: readonly Hex[]): Promise<[ProtocolKit, ProtocolKit]> {
  const { default: Safe } = (await import(PROTOCOL_KIT)) as ProtocolKitModule;
  const contractNetworks = {
    [peer.chain.id]: {
      safeSingletonAddress: SAFE_DEPLOYMENT.singletonL1.address,
      safeProxyFactoryAddress: SAFE_DEPLOYMENT.proxyFactory.address,
      multiSendAddress: SAFE_DEPLOYMENT.multiSendCallOnly.address,
      multiSendCallOnlyAddress: SAFE_DEPLOYMENT.multiSendCallOnly.address,
      fallbackHandlerAddress: SAFE_DEPLOYMENT.fallbackHandler.address,
    },
  };
  const owners = keys.map((key) => privateKeyToAccount(key).address);
  const predicted = await Safe.init({
    provider: peer.rpcUrl,
    signer: keys[0],
    contractNetworks,
    isL1SafeSingleton: true,
    predictedSafe: {
      safeAccountConfig: { owners, threshold: THRESHOLD },
      safeDeploymentConfig: { saltNonce: `${Date.now()}`, safeVersion: '1.4.1' },
    },
  });
  const safeAddress = await predicted.getAddress();
  const { to, data } = await predicted.createSafeDeploymentTransaction();
  await sendFromBank(peer, { to: getAddress(to), data: data as Hex });
  const kits = keys
    .slice(0, THRESHOLD)
    .map((signer) =>
      Safe.init({ provider: peer.rpcUrl, signer, safeAddress, contractNetworks, isL1SafeSingleton: true }),
    );
  return Promise.all(kits) as Promise<[ProtocolKit, ProtocolKit]>;
}

function callsOf({ token }: PeerChain, rows: readonly BenchPayout[]): Call[] {
  return rows.map(({ recipient, units }) => ({
    to: token,
    value: '0',
    data: encodeFunctionData({ abi: TOKEN, functionName: 'transfer', args: [recipient, units] }),
  }));
}
