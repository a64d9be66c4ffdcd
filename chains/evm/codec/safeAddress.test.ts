import { decodeFunctionData, zeroAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import { safeAbi, safeProxyFactoryAbi } from './safeAbi.ts';
import { encodeCreateProxy, encodeSafeSetup, safeAddress } from './safeAddress.ts';
import { SAFE_DEPLOYMENT } from './safeDeployment.ts';

const owners = [`0x${'11'.repeat(20)}`, `0x${'22'.repeat(20)}`, `0x${'33'.repeat(20)}`] as const;
const setup = { owners, threshold: 2, saltNonce: 5n };

describe('safeAddress', () => {
  test('changes with each part of the set-up', () => {
    const others = [
      { ...setup, saltNonce: 6n },
      { ...setup, threshold: 3 },
      { ...setup, owners: owners.toReversed() },
      { ...setup, owners: owners.slice(0, 2) },
    ];
    expect(new Set([setup, ...others].map(safeAddress)).size).toBe(5);
  });

  test('the creating call carries the same set-up, without modules or payment', () => {
    const call = encodeCreateProxy(setup);
    expect(call.to).toBe(SAFE_DEPLOYMENT.proxyFactory.address);
    const created = decodeFunctionData({ abi: safeProxyFactoryAbi, data: call.data });
    expect(created.args).toEqual([SAFE_DEPLOYMENT.singletonL2.address, encodeSafeSetup(setup), 5n]);
    const initializer = decodeFunctionData({ abi: safeAbi, data: encodeSafeSetup(setup) });
    expect(initializer.args).toEqual([
      owners,
      2n,
      zeroAddress,
      '0x',
      SAFE_DEPLOYMENT.fallbackHandler.address,
      zeroAddress,
      0n,
      zeroAddress,
    ]);
  });

  test.each([
    ['no owners', { owners: [], threshold: 1 }],
    ['an owner twice', { owners: [owners[0], owners[0]], threshold: 1 }],
    ['the zero address', { owners: [zeroAddress], threshold: 1 }],
    ['the sentinel', { owners: [`0x${'00'.repeat(19)}01`] as const, threshold: 1 }],
    ['a threshold of zero', { owners, threshold: 0 }],
    ['a threshold above the owners', { owners, threshold: 4 }],
    ['a broken threshold', { owners, threshold: 1.5 }],
  ])('refuses %s', (_, refused) => {
    expect(() => safeAddress({ ...refused, saltNonce: 0n })).toThrow(
      expect.objectContaining({ code: 'CODEC_INVALID' }),
    );
  });
});
