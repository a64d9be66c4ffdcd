import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { expect, test } from 'vitest';
import { ChainConfigs } from './chainConfig.ts';
import { developmentAccount } from './embedded/developmentAccounts.ts';
import { EnvironmentError } from './env.ts';
import { refusePublicKey } from './refusePublicKey.ts';

const chain = (caip2: string) => ({
  ...{ caip2, name: caip2, nodes: [{ rpcUrl: 'http://localhost:8545' }], assets: [] },
  ...{ confirmedDepth: 1, finalDepth: null },
});
const development = ChainConfigs.parse([chain('eip155:31337')]);
const mixed = ChainConfigs.parse([chain('eip155:31337'), chain('eip155:8453')]);

test.each([0, 9, 19])('development account %i pays gas on a development chain alone', (index) => {
  const { address } = developmentAccount(index);
  expect(() => refusePublicKey(address, development)).not.toThrow();
  expect(() => refusePublicKey(address, mixed)).toThrow(EnvironmentError);
  expect(() => refusePublicKey(address, mixed)).toThrow('eip155:8453');
});

test('a key of one’s own pays gas anywhere', () => {
  expect(() => refusePublicKey(privateKeyToAddress(generatePrivateKey()), mixed)).not.toThrow();
});
