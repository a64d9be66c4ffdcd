import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type Address,
  createTestClient,
  custom,
  type Hex,
  keccak256,
  publicActions,
  walletActions,
} from 'viem';
import { anvil } from 'viem/chains';
import { createJsonRpcHttp } from '../../chains/evm/client/nodes/jsonRpcHttp.ts';
import { singletonFactoryAddressOf, singletonFactoryCall } from '../../chains/evm/client/singletonFactory.ts';
import { SAFE_DEPLOYMENT } from '../../chains/evm/codec/safeDeployment.ts';
import {
  developmentToken18Address,
  developmentUsdcAddress,
  payoutVaultFactoryAddress,
  payoutVaultImplementationAddress,
  singletonFactoryAddress,
} from '../../contracts/abi/addresses.ts';
import { developmentToken18Bytecode } from '../../contracts/abi/developmentToken18Bytecode.ts';
import { developmentUsdcBytecode } from '../../contracts/abi/developmentUsdcBytecode.ts';
import { payoutVaultFactoryBytecode } from '../../contracts/abi/payoutVaultFactoryBytecode.ts';
import { EMBEDDED_CHAIN_ID } from './anvil.ts';
import { developmentAccount } from './developmentAccounts.ts';
import { EmbeddedError } from './embeddedError.ts';

const require = createRequire(import.meta.url);
const SINGLETON_FACTORY_DEPLOYMENT = '@safe-global/safe-singleton-factory/artifacts/31337/deployment.json';

/** What the embedded chain carries; the development tokens exist nowhere else. */
export type ContractName =
  | 'SingletonFactory'
  | 'Safe'
  | 'SafeL2'
  | 'SafeProxyFactory'
  | 'CompatibilityFallbackHandler'
  | 'MultiSend'
  | 'MultiSendCallOnly'
  | 'PayoutVaultFactory'
  | 'PayoutVault'
  | 'DevelopmentUSDC'
  | 'DevelopmentToken18';
export type ContractAddresses = Record<ContractName, Address>;

type Deployment = { name: ContractName; address: Address; creationCode: Hex; codeHash?: Hex };

function safeContract(
  name: ContractName,
  source: string,
  pinned?: { address: Address; codeHash: Hex },
): Deployment {
  const path = `@safe-global/safe-contracts/build/artifacts/contracts/${source}`;
  const { bytecode } = JSON.parse(readFileSync(require.resolve(path), 'utf8')) as { bytecode: Hex };
  return { name, creationCode: bytecode, address: singletonFactoryAddressOf(bytecode), ...pinned };
}

function deployments(): Deployment[] {
  return [
    safeContract('Safe', 'Safe.sol/Safe.json', SAFE_DEPLOYMENT.singletonL1),
    safeContract('SafeL2', 'SafeL2.sol/SafeL2.json', SAFE_DEPLOYMENT.singletonL2),
    safeContract(
      'SafeProxyFactory',
      'proxies/SafeProxyFactory.sol/SafeProxyFactory.json',
      SAFE_DEPLOYMENT.proxyFactory,
    ),
    safeContract(
      'CompatibilityFallbackHandler',
      'handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json',
      SAFE_DEPLOYMENT.fallbackHandler,
    ),
    safeContract('MultiSend', 'libraries/MultiSend.sol/MultiSend.json'),
    safeContract(
      'MultiSendCallOnly',
      'libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json',
      SAFE_DEPLOYMENT.multiSendCallOnly,
    ),
    {
      name: 'PayoutVaultFactory',
      address: payoutVaultFactoryAddress,
      creationCode: payoutVaultFactoryBytecode,
    },
    { name: 'DevelopmentUSDC', address: developmentUsdcAddress, creationCode: developmentUsdcBytecode },
    {
      name: 'DevelopmentToken18',
      address: developmentToken18Address,
      creationCode: developmentToken18Bytecode,
    },
  ];
}

/**
 * Puts on the embedded chain what it needs, each at the address it has on every chain: Safe 1.4.1, the payout vault's
 * factory and the development tokens. What stands there already is left alone.
 * @returns addresses by contract name
 * @throws EmbeddedError when the node is not the embedded chain, or code differs from what is pinned
 */
export async function deployContracts(rpcUrl: string): Promise<ContractAddresses> {
  const client = createEmbeddedChainClient(rpcUrl);
  const chainId = await client.getChainId();
  if (chainId !== EMBEDDED_CHAIN_ID) {
    throw new EmbeddedError(
      `Development contracts go to chain ${EMBEDDED_CHAIN_ID} only, this is ${chainId}.`,
    );
  }
  await deploySingletonFactory(client);
  const all = deployments();
  const missing = await filterMissing(client, all);
  if (missing.length > 0) {
    const account = developmentAccount(0);
    const nonce = await client.getTransactionCount({ address: account.address, blockTag: 'pending' });
    const gas = await Promise.all(
      missing.map(({ creationCode }) =>
        client.estimateGas({ account: account.address, ...singletonFactoryCall(creationCode) }),
      ),
    );
    await Promise.all(
      missing.map(({ creationCode }, index) =>
        client.sendTransaction({
          account,
          nonce: nonce + index,
          gas: gas[index] ?? 0n,
          ...singletonFactoryCall(creationCode),
        }),
      ),
    );
    await client.mine({ blocks: 1 });
  }
  await verify(client, all);
  return Object.fromEntries([
    ['SingletonFactory', singletonFactoryAddress],
    ['PayoutVault', payoutVaultImplementationAddress],
    ...all.map(({ name, address }) => [name, address] as const),
  ]) as ContractAddresses;
}

/** Reads, signs with development keys, and mines on the embedded chain, or on one like it with another id. */
export function createEmbeddedChainClient(rpcUrl: string, chainId = EMBEDDED_CHAIN_ID) {
  const { request } = createJsonRpcHttp(rpcUrl);
  return createTestClient({ mode: 'anvil', chain: { ...anvil, id: chainId }, transport: custom({ request }) })
    .extend(publicActions)
    .extend(walletActions);
}
export type EmbeddedChainClient = ReturnType<typeof createEmbeddedChainClient>;

/** Sends the transaction that its authors signed for chain 31337, so that the factory has its one address here too. */
async function deploySingletonFactory(client: EmbeddedChainClient): Promise<void> {
  if ((await client.getCode({ address: singletonFactoryAddress })) !== undefined) return;
  const deployment = JSON.parse(readFileSync(require.resolve(SINGLETON_FACTORY_DEPLOYMENT), 'utf8')) as {
    gasPrice: number;
    gasLimit: number;
    signerAddress: Address;
    transaction: Hex;
  };
  await client.sendTransaction({
    account: developmentAccount(0),
    to: deployment.signerAddress,
    value: BigInt(deployment.gasPrice) * BigInt(deployment.gasLimit),
  });
  await client.mine({ blocks: 1 });
  await client.sendRawTransaction({ serializedTransaction: deployment.transaction });
  await client.mine({ blocks: 1 });
}

async function filterMissing(client: EmbeddedChainClient, all: Deployment[]): Promise<Deployment[]> {
  const codes = await Promise.all(all.map(({ address }) => client.getCode({ address })));
  return all.filter((_, index) => codes[index] === undefined);
}

async function verify(client: EmbeddedChainClient, all: Deployment[]): Promise<void> {
  for (const { name, address, creationCode, codeHash } of all) {
    if (singletonFactoryAddressOf(creationCode) !== address) {
      throw new EmbeddedError(`${name}'s creation code belongs to another address than ${address}.`);
    }
    const code = await client.getCode({ address });
    if (code === undefined) throw new EmbeddedError(`${name} could not be deployed to ${address}.`);
    if (codeHash !== undefined && keccak256(code) !== codeHash) {
      throw new EmbeddedError(`${name} at ${address} has other code than the one that is pinned.`);
    }
  }
}
