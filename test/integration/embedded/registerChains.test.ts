import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChainConfig } from '../../../server/chainConfig.ts';
import { ChainNotRegisteredError, loadChains } from '../../../server/loadChains.ts';
import { ChainRegistrationError, registerChains } from '../../../server/registerChains.ts';
import { startTestChain, type TestChain } from '../../kit/chain.ts';
import { createTestDatabase, type TestDatabase } from '../../kit/postgres.ts';

let chain: TestChain;
let testDatabase: TestDatabase;
beforeAll(async () => {
  [chain, testDatabase] = await Promise.all([startTestChain(), createTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([chain?.stop(), testDatabase?.drop()]);
});

function config(changes: Partial<ChainConfig> = {}): ChainConfig {
  return {
    caip2: 'eip155:31337',
    name: 'Embedded',
    nodes: [{ rpcUrl: chain.rpcUrl }],
    confirmedDepth: 2,
    finalDepth: 5,
    factory: chain.contracts.PayoutVaultFactory,
    implementation: chain.contracts.PayoutVault,
    assets: [chain.contracts.DevelopmentUSDC, chain.contracts.DevelopmentToken18],
    ...changes,
  };
}

test('symbols and decimals come from the chain; doing it again changes the policy alone', async () => {
  const { database } = testDatabase;
  await expect(loadChains(database, [config()])).rejects.toThrow(ChainNotRegisteredError);
  await registerChains(database, [config()]);
  await registerChains(database, [config({ name: 'Renamed', finalDepth: null })]);
  expect(
    await database.selectFrom('chain').select(['name', 'finalDepth', 'eip155ChainId']).execute(),
  ).toEqual([{ name: 'Renamed', finalDepth: null, eip155ChainId: 31337n }]);
  const assets = database.selectFrom('asset').select(['caip19', 'symbol', 'decimals']).orderBy('caip19');
  expect(await assets.execute()).toEqual([
    { caip19: `eip155:31337/erc20:${chain.contracts.DevelopmentToken18}`, symbol: 'DUSD', decimals: 18 },
    { caip19: `eip155:31337/erc20:${chain.contracts.DevelopmentUSDC}`, symbol: 'USDC', decimals: 6 },
    { caip19: 'eip155:31337/slip44:60', symbol: 'ETH', decimals: 18 },
  ]);
  expect(await loadChains(database, [config()])).toMatchObject([{ eip155ChainId: 31337 }]);
});

test.each<[string, Partial<ChainConfig> | (() => Partial<ChainConfig>)]>([
  ['the nodes are of another chain', { caip2: 'eip155:8453' }],
  ['do not answer for the factory', () => ({ factory: chain.contracts.DevelopmentUSDC })],
  ['delegate to', () => ({ implementation: chain.contracts.PayoutVaultFactory })],
  ['does not tell its symbol', () => ({ assets: [chain.contracts.PayoutVaultFactory] })],
])('refuses a configuration that the chain contradicts: %s', async (message, changes) => {
  const wrong = config(typeof changes === 'function' ? changes() : changes);
  const registered = registerChains(testDatabase.database, [wrong]);
  await expect(registered).rejects.toThrow(ChainRegistrationError);
  await expect(registered).rejects.toThrow(message);
});

test('an asset whose decimals changed is refused', async () => {
  const { database } = testDatabase;
  await registerChains(database, [config()]);
  await database.updateTable('asset').set({ decimals: 8 }).where('symbol', '=', 'USDC').execute();
  await expect(registerChains(database, [config()])).rejects.toThrow('6 decimals now and had 8');
});
