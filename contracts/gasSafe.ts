import { createRequire } from 'node:module';
import {
  type Address,
  concatHex,
  encodeFunctionData,
  encodePacked,
  type Hex,
  parseAbi,
  parseEventLogs,
  size,
  zeroAddress,
} from 'viem';
import type { GasChain } from './gasChain.ts';

const require = createRequire(import.meta.url);
const artifacts = '@safe-global/safe-contracts/build/artifacts/contracts';

const safeAbi = parseAbi([
  'function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)',
  'function nonce() view returns (uint256)',
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) returns (bool)',
]);
const proxyFactoryAbi = parseAbi([
  'function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address)',
  'event ProxyCreation(address indexed proxy, address singleton)',
]);
const multiSendAbi = parseAbi(['function multiSend(bytes transactions)']);

const safeTransactionTypes = {
  SafeTx: [
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'data', type: 'bytes' },
    { name: 'operation', type: 'uint8' },
    { name: 'safeTxGas', type: 'uint256' },
    { name: 'baseGas', type: 'uint256' },
    { name: 'gasPrice', type: 'uint256' },
    { name: 'gasToken', type: 'address' },
    { name: 'refundReceiver', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const;

/** A Safe 1.4.1 with one owner, the chain's account. */
export interface GasSafe {
  readonly address: Address;
  /** Executes calls in one MultiSendCallOnly and returns the gas of the transaction. */
  multiSend(calls: readonly { to: Address; data: Hex }[]): Promise<bigint>;
}

export async function deployGasSafe(chain: GasChain): Promise<GasSafe> {
  const singleton = await chain.deploy(bytecodeOf('Safe.sol/Safe.json'));
  const factory = await chain.deploy(bytecodeOf('proxies/SafeProxyFactory.sol/SafeProxyFactory.json'));
  const multiSendCallOnly = await chain.deploy(
    bytecodeOf('libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json'),
  );
  const address = await createProxy(chain, factory, singleton);
  return {
    address,
    async multiSend(calls) {
      const transactions = concatHex(
        calls.map(({ to, data }) =>
          encodePacked(
            ['uint8', 'address', 'uint256', 'uint256', 'bytes'],
            [0, to, 0n, BigInt(size(data)), data],
          ),
        ),
      );
      const data = encodeFunctionData({ abi: multiSendAbi, functionName: 'multiSend', args: [transactions] });
      return await delegate(chain, address, multiSendCallOnly, data);
    },
  };
}

async function createProxy(chain: GasChain, factory: Address, singleton: Address): Promise<Address> {
  const initializer = encodeFunctionData({
    abi: safeAbi,
    functionName: 'setup',
    args: [[chain.account.address], 1n, zeroAddress, '0x', zeroAddress, zeroAddress, 0n, zeroAddress],
  });
  const data = encodeFunctionData({
    abi: proxyFactoryAbi,
    functionName: 'createProxyWithNonce',
    args: [singleton, initializer, 0n],
  });
  const { logs } = await chain.send({ to: factory, data });
  const [created] = parseEventLogs({ abi: proxyFactoryAbi, logs });
  if (!created) throw new Error('no Safe was created');
  return created.args.proxy;
}

/** Signs and executes a Safe transaction with operation 1. */
async function delegate(chain: GasChain, safe: Address, to: Address, data: Hex): Promise<bigint> {
  const nonce = await chain.client.readContract({ address: safe, abi: safeAbi, functionName: 'nonce' });
  const message = {
    ...{ to, value: 0n, data, operation: 1, safeTxGas: 0n, baseGas: 0n, gasPrice: 0n },
    ...{ gasToken: zeroAddress, refundReceiver: zeroAddress, nonce },
  };
  const signature = await chain.account.signTypedData({
    domain: { chainId: chain.client.chain.id, verifyingContract: safe },
    types: safeTransactionTypes,
    primaryType: 'SafeTx',
    message,
  });
  const receipt = await chain.send({
    to: safe,
    data: encodeFunctionData({
      abi: safeAbi,
      functionName: 'execTransaction',
      args: [to, 0n, data, 1, 0n, 0n, 0n, zeroAddress, zeroAddress, signature],
    }),
  });
  return receipt.gasUsed;
}

function bytecodeOf(path: string): Hex {
  return require(`${artifacts}/${path}`).bytecode;
}
