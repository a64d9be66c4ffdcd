import { z } from 'zod';
import { smallerOf } from '../core/largerOf.ts';
import { DEFAULT_FEE_POLICY, type FeePolicy } from '../payouts/fees/feePolicy.ts';

const MAX_ESCALATE_AFTER_SECONDS = 7 * 24 * 3_600;
const GWEI_DIGITS = 9;
/** Wei in digits alone, or gwei: `500 gwei`, `0.05 gwei`. */
const AMOUNT = /^(?:(\d{1,30})|(\d{1,12})(?:\.(\d{1,9}))? gwei)$/;

// They stay text: a configuration is written as JSON again.
const feeAmount = z.string().regex(AMOUNT, 'must be wei, like "500000000000", or gwei, like "500 gwei"');

/** What a chain's gas may cost; whatever is left out is as in DEFAULT_FEE_POLICY. */
export const FeeConfig = z
  .strictObject({
    maxFeePerGas: feeAmount.optional(),
    maxPriorityFeePerGas: feeAmount.optional(),
    /** What the chain's nodes let a transaction cost at most (geth: rpc.txfeecap); as an amount for a unit of gas is written. */
    maxTransactionFee: feeAmount.optional(),
    onCap: z.enum(['WAIT', 'ALERT', 'ESCALATE']).optional(),
    escalateAfterSeconds: z.number().int().positive().max(MAX_ESCALATE_AFTER_SECONDS).optional(),
    escalatedMaxFeePerGas: feeAmount.optional(),
  })
  .superRefine((config, context) => {
    const { maxFeePerGas, maxPriorityFeePerGas, maxTransactionFee, escalatedMaxFeePerGas, onCap } =
      readPolicy(config);
    if (maxTransactionFee !== null && maxTransactionFee <= 0n) {
      context.addIssue({ code: 'custom', path: ['maxTransactionFee'], message: 'must be more than 0' });
    }
    if (maxFeePerGas <= 0n) {
      context.addIssue({ code: 'custom', path: ['maxFeePerGas'], message: 'must be more than 0' });
    }
    if (maxPriorityFeePerGas > maxFeePerGas) {
      context.addIssue({
        ...{ code: 'custom', path: ['maxPriorityFeePerGas'] },
        message: 'must not be more than maxFeePerGas',
      });
    }
    if (onCap === 'ESCALATE' && escalatedMaxFeePerGas < maxFeePerGas) {
      context.addIssue({
        ...{ code: 'custom', path: ['escalatedMaxFeePerGas'] },
        message: 'must not be less than maxFeePerGas',
      });
    }
  });
export type FeeConfig = z.infer<typeof FeeConfig>;

export const DataFeeConfig = z.enum(['NONE', 'OP_STACK', 'ARBITRUM']);

/** A chain's policy, as its configuration says. */
export function feePolicyOf(chain: {
  readonly fees?: FeeConfig | undefined;
  readonly dataFee?: FeePolicy['dataFee'] | undefined;
}): FeePolicy {
  const { fees = {}, dataFee } = chain;
  return { ...readPolicy(fees), dataFee: dataFee ?? DEFAULT_FEE_POLICY.dataFee };
}

function readPolicy(config: FeeConfig): FeePolicy {
  const standard = DEFAULT_FEE_POLICY;
  const maxFeePerGas = readAmount(config.maxFeePerGas) ?? standard.maxFeePerGas;
  return {
    ...standard,
    maxFeePerGas,
    // A cap below the standard tip lowers it, too.
    maxPriorityFeePerGas:
      readAmount(config.maxPriorityFeePerGas) ?? smallerOf(standard.maxPriorityFeePerGas, maxFeePerGas),
    maxTransactionFee: readAmount(config.maxTransactionFee) ?? standard.maxTransactionFee,
    onCap: config.onCap ?? standard.onCap,
    escalateAfterSeconds: config.escalateAfterSeconds ?? standard.escalateAfterSeconds,
    escalatedMaxFeePerGas: readAmount(config.escalatedMaxFeePerGas) ?? standard.escalatedMaxFeePerGas,
  };
}

/** Wei. Null for what is not there, or not an amount: that was said already. */
function readAmount(text: string | undefined): bigint | null {
  const match = AMOUNT.exec(text ?? '');
  if (match === null) return null;
  const [, wei, gwei = '0', fraction = ''] = match;
  return BigInt(wei ?? `${gwei}${fraction.padEnd(GWEI_DIGITS, '0')}`);
}
