import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getCreate2Address, type Hex, keccak256, zeroHash } from 'viem';
import { expect, test } from 'vitest';
import { singletonFactoryAddress } from '../../../contracts/abi/addresses.ts';
import { SAFE_PROXY_CREATION_CODE } from './safeAddress.ts';
import { SAFE_DEPLOYMENT, SAFE_PROXY_CODE_HASH } from './safeDeployment.ts';

const require = createRequire(import.meta.url);

function artifact(path: string): { bytecode: Hex; deployedBytecode: Hex } {
  const file = require.resolve(`@safe-global/safe-contracts/build/artifacts/contracts/${path}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

test.each([
  ['singletonL2', 'SafeL2.sol/SafeL2'],
  ['singletonL1', 'Safe.sol/Safe'],
  ['proxyFactory', 'proxies/SafeProxyFactory.sol/SafeProxyFactory'],
  ['multiSendCallOnly', 'libraries/MultiSendCallOnly.sol/MultiSendCallOnly'],
  ['fallbackHandler', 'handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler'],
] as const)('%s is where its published bytecode goes, with its published code', (name, path) => {
  const { bytecode, deployedBytecode } = artifact(path);
  const address = getCreate2Address({ from: singletonFactoryAddress, salt: zeroHash, bytecode });
  expect(SAFE_DEPLOYMENT[name]).toEqual({ address, codeHash: keccak256(deployedBytecode) });
});

test('the proxy’s code is the published one, and the factory carries it', () => {
  const { bytecode, deployedBytecode } = artifact('proxies/SafeProxy.sol/SafeProxy');
  expect(SAFE_PROXY_CREATION_CODE).toBe(bytecode);
  expect(SAFE_PROXY_CODE_HASH).toBe(keccak256(deployedBytecode));
  const factory = artifact('proxies/SafeProxyFactory.sol/SafeProxyFactory').deployedBytecode;
  expect(factory).toContain(bytecode.slice(2));
});
