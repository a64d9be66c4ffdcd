import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { payoutVaultFactoryAddress, payoutVaultImplementationAddress } from '../contracts/abi/addresses.ts';
import { EnvironmentError, readEnvironment } from './env.ts';

const KEY = `0x${'ab'.repeat(32)}`;
const CHAIN = {
  caip2: 'eip155:8453',
  name: 'Base',
  nodes: [{ rpcUrl: 'https://rpc.example.com/key' }],
  confirmedDepth: 2,
  finalDepth: null,
  factory: '0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7',
  implementation: '0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7',
  assets: [],
};

const node = (name: string) => ({ rpcUrl: `https://rpc.example.com/${name}` });
const withNodes = (...nodes: object[]) => JSON.stringify([{ ...CHAIN, nodes }]);

test('an empty environment is one for development', () => {
  expect(readEnvironment({})).toMatchObject({
    mode: 'development',
    host: '127.0.0.1',
    port: 4000,
    publicOrigin: 'http://localhost:4000',
    clientDirectory: expect.stringMatching(/client$/),
    persistedOnly: false,
    persistedOperationsDirectory: null,
    databaseUrl: null,
    chains: [],
    relayer: null,
  });
});

test('a variable that is set to nothing is not set', () => {
  expect(readEnvironment({ PORT: '', REDIS_URL: '' })).toMatchObject({ port: 4000, redisUrl: null });
});

test('frontends on origins of their own are listed with commas', () => {
  expect(readEnvironment({}).allowedOrigins).toEqual([]);
  expect(
    readEnvironment({ ALLOWED_ORIGINS: 'http://localhost:5173, https://app.example.com' }).allowedOrigins,
  ).toEqual(['http://localhost:5173', 'https://app.example.com']);
});

test('a worker may have several relayer keys, with commas', () => {
  const other = `0x${'cd'.repeat(32)}`;
  const keys = readEnvironment({ RELAYER_PRIVATE_KEY: `${KEY}, ${other}` }).relayer;
  expect(keys).toMatchObject({ kind: 'PRIVATE_KEYS' });
  expect(keys?.kind === 'PRIVATE_KEYS' && keys.privateKeys.map((key) => key.reveal())).toEqual([KEY, other]);
  expect(
    readEnvironment({ RELAYER_KEY_FILE: '/a.key, /b.key', RELAYER_KEY_PASSPHRASE: 'hunter2' }).relayer,
  ).toMatchObject({ kind: 'KEY_FILES', paths: ['/a.key', '/b.key'] });
});

test('secrets show in no log, error or JSON, and are there when asked for', () => {
  const environment = readEnvironment({
    DATABASE_URL: 'postgresql://app:hunter2@db/main',
    RELAYER_PRIVATE_KEY: KEY,
  });
  for (const shown of [
    JSON.stringify(environment),
    inspect(environment, { depth: 9 }),
    `${environment.databaseUrl}`,
  ]) {
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain('abab');
  }
  expect(environment.databaseUrl?.reveal()).toBe('postgresql://app:hunter2@db/main');
});

test.each([
  ['PORT', { PORT: '70000' }],
  ['PERSISTED_ONLY', { PERSISTED_ONLY: 'yes' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'hunter2.example' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://hunter2.example/' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://a.example,*' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'ws://hunter2.example' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://a.example,' }],
  ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: Array(21).fill('https://hunter2.example').join() }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://app:hunter2@db/main' }],
  ['RELAYER_PRIVATE_KEY', { RELAYER_PRIVATE_KEY: '0xhunter2' }],
  ['RELAYER_PRIVATE_KEY', { RELAYER_PRIVATE_KEY: `${KEY},0xhunter2` }],
  ['RELAYER_PRIVATE_KEY', { RELAYER_PRIVATE_KEY: `${KEY},${KEY.toUpperCase().replace('X', 'x')}` }],
  ['RELAYER_KEY_FILE', { RELAYER_KEY_FILE: 'hunter2,hunter2', RELAYER_KEY_PASSPHRASE: 'b' }],
  ['RELAYER_KEY_FILE', { RELAYER_KEY_FILE: 'hunter2,', RELAYER_KEY_PASSPHRASE: 'b' }],
  [
    'RELAYER_KEY_FILE',
    {
      RELAYER_KEY_FILE: Array.from({ length: 9 }, (_, index) => `hunter2.${index}`).join(),
      RELAYER_KEY_PASSPHRASE: 'b',
    },
  ],
  ['RELAYER_PRIVATE_KEY', { RELAYER_PRIVATE_KEY: KEY, RELAYER_KEY_FILE: 'a', RELAYER_KEY_PASSPHRASE: 'b' }],
  ['RELAYER_KEY_PASSPHRASE', { RELAYER_KEY_FILE: 'hunter2' }],
  ['CHAINS', { CHAINS: '[hunter2' }],
  ['CHAINS.0.caip2', { CHAINS: JSON.stringify([{ ...CHAIN, caip2: 'hunter2' }]) }],
  ['CHAINS.0.finalDepth', { CHAINS: JSON.stringify([{ ...CHAIN, confirmedDepth: 3, finalDepth: 2 }]) }],
  ['CHAINS', { CHAINS: JSON.stringify([CHAIN, CHAIN]) }],
  ['CHAINS.0.nodes.0', { CHAINS: JSON.stringify([{ ...CHAIN, nodes: [] }]) }],
  ['CHAINS.0.nodes.1.wsUrl', { CHAINS: withNodes(node('a'), { ...node('b'), wsUrl: 'hunter2' }) }],
  ['CHAINS.0.nodes', { CHAINS: withNodes(node('hunter2'), node('hunter2/')) }],
  ['CHAINS.0.nodes', { CHAINS: withNodes(...Array.from({ length: 9 }, (_, index) => node(`${index}`))) }],
  [
    'CHAINS.0.factory',
    { CHAINS: JSON.stringify([{ ...CHAIN, factory: '0x914d7fec6aaC8cd542e72Bca78B30650d45643d7' }]) },
  ],
])('names %s and not its value', (variable, variables) => {
  const read = () => readEnvironment(variables);
  expect(read).toThrow(EnvironmentError);
  expect(read).toThrow(`\n  ${variable}: `);
  expect(read).not.toThrow('hunter2');
});

test('reads chains; the contracts are where this version’s code puts them', () => {
  const { factory, implementation, ...rest } = CHAIN;
  expect(readEnvironment({ CHAINS: JSON.stringify([rest]) }).chains).toEqual([
    { ...rest, factory: payoutVaultFactoryAddress, implementation: payoutVaultImplementationAddress },
  ]);
  expect(readEnvironment({ CHAINS: JSON.stringify([CHAIN]) }).chains).toEqual([CHAIN]);
});
