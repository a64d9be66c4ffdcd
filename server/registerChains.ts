import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Address, erc20Abi, getAddress } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { createNodeMetrics } from '../chains/evm/client/nodes/nodeMetrics.ts';
import { createNodePool, type NodePool } from '../chains/evm/client/nodes/nodePool.ts';
import { payoutVaultFactoryAbi } from '../contracts/abi/payoutVaultFactory.ts';
import { BaseError } from '../core/errors.ts';
import type { Database } from '../prisma/database.ts';
import { type ChainConfig, eip155ChainIdOf } from './chainConfig.ts';

// SLIP-44 registers ether as coin type 60; its unit is 18 decimals on every EVM chain.
const NATIVE = { coinType: 60, symbol: 'ETH', decimals: 18 };
const MAX_SYMBOL_CHARACTERS = 32;
const MAX_DECIMALS = 36;

/** A chain's configuration and the chain itself disagree; nothing of it was registered. */
export class ChainRegistrationError extends BaseError {
  override readonly name = 'ChainRegistrationError';
  constructor(chain: ChainConfig, message: string, cause?: unknown) {
    super('CHAIN_REGISTRATION', `${chain.name} (${chain.caip2}): ${message}`, { cause });
  }
}

/**
 * Writes the configured chains and their assets into the database, after checking each against its nodes: two must say the
 * same, where there are two. Idempotent; a chain's policy may change, an asset's decimals never. What is no longer
 * configured stays readable.
 * @throws ChainRegistrationError
 */
export async function registerChains(database: Database, chains: readonly ChainConfig[]): Promise<void> {
  for (const chain of chains) {
    const pool = poolOf(chain);
    try {
      await checkNodes(pool, chain);
      const tokens = await Promise.all(
        chain.assets.map((address) => readToken(pool.checked, chain, address)),
      );
      await write(database, chain, tokens);
    } finally {
      pool.close();
    }
  }
}

/** What is wrong is thrown: nobody reads a log or metrics of this. */
function poolOf(chain: ChainConfig): NodePool {
  return createNodePool(
    { caip2: chain.caip2, eip155ChainId: eip155ChainIdOf(chain), nodes: chain.nodes },
    { logger: pino({ level: 'silent' }), metrics: createNodeMetrics(new Registry()) },
  );
}

type Token = { address: Address; symbol: string; decimals: number };

async function checkNodes(pool: NodePool, chain: ChainConfig): Promise<void> {
  if ((await pool.whichChain()) === 'WRONG') {
    throw new ChainRegistrationError(chain, 'the nodes are of another chain.');
  }
  const { factory: address } = chain;
  const asked = pool.checked.readContract({
    ...{ address, abi: payoutVaultFactoryAbi, functionName: 'implementation' },
  });
  const implementation = await asked.catch((cause: unknown) => {
    throw new ChainRegistrationError(chain, `the nodes do not answer for the factory ${address}.`, cause);
  });
  if (getAddress(implementation) !== chain.implementation) {
    throw new ChainRegistrationError(
      chain,
      `the factory's vaults delegate to ${implementation}, not to ${chain.implementation}.`,
    );
  }
}

/** What a token says of itself. It is a stranger's text: it must be short and plain to be shown. */
async function readToken(client: EvmClient, chain: ChainConfig, address: Address): Promise<Token> {
  const asked = Promise.all([
    client.readContract({ address, abi: erc20Abi, functionName: 'symbol' }),
    client.readContract({ address, abi: erc20Abi, functionName: 'decimals' }),
  ]);
  const [symbol, decimals] = await asked.catch((cause: unknown) => {
    throw new ChainRegistrationError(chain, `${address} does not tell its symbol and decimals.`, cause);
  });
  if (symbol.length === 0 || symbol.length > MAX_SYMBOL_CHARACTERS || !/^[\x21-\x7e₮]+$/.test(symbol)) {
    throw new ChainRegistrationError(chain, `${address} has a symbol that cannot be shown.`);
  }
  if (decimals > MAX_DECIMALS) {
    throw new ChainRegistrationError(
      chain,
      `${address} has ${decimals} decimals, more than ${MAX_DECIMALS}.`,
    );
  }
  return { address, symbol, decimals };
}

async function write(database: Database, chain: ChainConfig, tokens: readonly Token[]): Promise<void> {
  const policy = {
    name: chain.name,
    confirmedDepth: chain.confirmedDepth,
    finalDepth: chain.finalDepth,
    factoryAddress: chain.factory,
    vaultImplementation: chain.implementation,
    explorerUrlTemplate: chain.explorerUrlTemplate ?? null,
  };
  await database.transaction().execute(async (transaction) => {
    const { id: chainId } = await transaction
      .insertInto('chain')
      .values({
        caip2: chain.caip2,
        family: 'EVM',
        eip155ChainId: BigInt(eip155ChainIdOf(chain)),
        ...policy,
      })
      .onConflict((conflict) => conflict.column('caip2').doUpdateSet(policy))
      .returning('id')
      .executeTakeFirstOrThrow();
    const assets = [
      { caip19: `${chain.caip2}/slip44:${NATIVE.coinType}`, address: null, ...NATIVE },
      ...tokens.map((token) => ({ caip19: `${chain.caip2}/erc20:${token.address}`, ...token })),
    ];
    for (const { caip19, address, symbol, decimals } of assets) {
      await transaction
        .insertInto('asset')
        .values({ chainId, caip19, address, symbol, decimals })
        .onConflict((conflict) => conflict.column('caip19').doNothing())
        .execute();
      const known = await transaction
        .selectFrom('asset')
        .select('decimals')
        .where('caip19', '=', caip19)
        .executeTakeFirstOrThrow();
      if (known.decimals !== decimals) {
        throw new ChainRegistrationError(
          chain,
          `${caip19} has ${decimals} decimals now and had ${known.decimals}: amounts written before would change their meaning.`,
        );
      }
    }
  });
}
