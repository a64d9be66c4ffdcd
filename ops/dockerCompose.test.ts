import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  developmentToken18Address,
  developmentUsdcAddress,
  payoutVaultFactoryAddress,
  payoutVaultImplementationAddress,
} from '../contracts/abi/addresses.ts';
import { BLOCK_GAS_LIMIT } from '../server/embedded/anvil.ts';
import { developmentPrivateKey } from '../server/embedded/developmentAccounts.ts';
import { readEnvironment } from '../server/env.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const base = read('docker-compose.yml');
const development = read('docker-compose.override.yml');
const production = read('docker-compose.production.yml');

test('the development stack pays on the contracts that this checkout deploys', () => {
  const chains = /CHAINS: >-\n((?: {4}.*\n)+)/.exec(development)?.[1];
  expect(readEnvironment({ CHAINS: chains }).chains).toMatchObject([
    {
      caip2: 'eip155:31337',
      factory: payoutVaultFactoryAddress,
      implementation: payoutVaultImplementationAddress,
      assets: [developmentUsdcAddress, developmentToken18Address],
    },
  ]);
});

test('its chain and its relayer are the embedded stack’s', () => {
  expect(development).toContain(`--gas-limit=${BLOCK_GAS_LIMIT}\n`);
  expect(development).toContain(`RELAYER_PRIVATE_KEY: "${developmentPrivateKey(9)}"`);
});

test('outside development nothing is known beforehand, and what is needed is asked for', () => {
  for (const file of [base, production]) {
    expect(file).toContain('postgres');
    expect(file).not.toMatch(/:development@|: development$|PRIVATE_KEY|31337/m);
  }
  const variables = [...production.matchAll(/\$\{(\w+)(:\?\w)?/g)];
  expect(variables.length).toBeGreaterThan(6);
  for (const [, name, asked] of variables) expect(asked, name).toBeDefined();
});

test('every variable that env.ts reads is explained', () => {
  const source = readFileSync(new URL('../server/env.ts', import.meta.url), 'utf8');
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  const variables = [...source.matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  expect(variables.length).toBeGreaterThan(10);
  for (const name of variables) expect(readme).toContain(`\`${name}\``);
});
