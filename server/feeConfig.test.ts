import { parseGwei } from 'viem';
import { expect, test } from 'vitest';
import { DEFAULT_FEE_POLICY } from '../payouts/fees/feePolicy.ts';
import { FeeConfig, feePolicyOf } from './feeConfig.ts';

test('a chain that says nothing has the standard policy', () => {
  expect(feePolicyOf({})).toEqual(DEFAULT_FEE_POLICY);
});

test.each([
  ['500000000000', parseGwei('500')],
  ['500 gwei', parseGwei('500')],
  ['0.05 gwei', 50_000_000n],
  ['1.000000001 gwei', 1_000_000_001n],
])('%s is an amount', (text, wei) => {
  const fees = FeeConfig.parse({ maxFeePerGas: text });
  expect(feePolicyOf({ fees }).maxFeePerGas).toBe(wei);
});

test.each(['', '5e9', '-1', '1.5', '1.0000000001 gwei', '5gwei', '0x10', ' 5', '1,5 gwei'])(
  '%j is none',
  (text) => {
    expect(FeeConfig.safeParse({ maxFeePerGas: text })).toMatchObject({
      success: false,
      error: { issues: [{ path: ['maxFeePerGas'] }] },
    });
  },
);

test.each([
  [{ maxFeePerGas: '0' }, 'maxFeePerGas'],
  [{ maxTransactionFee: '0' }, 'maxTransactionFee'],
  [{ maxFeePerGas: '1 gwei', maxPriorityFeePerGas: '2 gwei' }, 'maxPriorityFeePerGas'],
  [
    { maxFeePerGas: '100 gwei', onCap: 'ESCALATE', escalatedMaxFeePerGas: '99 gwei' },
    'escalatedMaxFeePerGas',
  ],
  [{ escalateAfterSeconds: 0 }, 'escalateAfterSeconds'],
  [{ onCap: 'PANIC' }, 'onCap'],
])('%j is refused at %s', (config, path) => {
  const { error } = FeeConfig.safeParse(config);
  expect(error?.issues.map((issue) => issue.path[0])).toContain(path);
});

test('a low cap lowers the tip with it, and the chain’s data fee is part of the policy', () => {
  const fees = FeeConfig.parse({ maxFeePerGas: '0.2 gwei' });
  expect(feePolicyOf({ fees, dataFee: 'OP_STACK' })).toMatchObject({
    maxPriorityFeePerGas: parseGwei('0.2'),
    dataFee: 'OP_STACK',
  });
});
