import { expect, test } from 'vitest';
import { developmentToken18Address, developmentUsdcAddress } from '../../../contracts/abi/addresses.ts';
import { PINNED_ASSETS, pinnedAsset } from './pins.ts';

test('assets are found in any case, on their own chain alone', () => {
  const base = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913';
  const caip19 = `eip155:8453/erc20:${base}`;
  expect(pinnedAsset(8_453, base)).toMatchObject({ caip19, symbol: 'USDC', decimals: 6 });
  expect(pinnedAsset(8_453, base.toLowerCase())).toMatchObject({ caip19 });
  expect(pinnedAsset(1, base)).toBeNull();
  expect(pinnedAsset(8_453, 'USDC')).toBeNull();
});

test('each stands once, with its checksum', () => {
  expect(new Set(PINNED_ASSETS.map(({ caip19 }) => caip19)).size).toBe(PINNED_ASSETS.length);
  for (const { caip19, address } of PINNED_ASSETS) expect(caip19).toContain(address);
});

test('development tokens are known on the embedded chain alone', () => {
  const development: string[] = [developmentUsdcAddress, developmentToken18Address];
  const chains = PINNED_ASSETS.filter(({ address }) => development.includes(address));
  expect(chains.map(({ chainId }) => chainId)).toEqual([31_337, 31_337]);
});
