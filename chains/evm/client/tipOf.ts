import type { z } from 'zod';
import { largerOf } from '../../../core/largerOf.ts';
import type { feeHistoryAnswer } from './nodeAnswer.ts';

/** geth's own default for what it puts into a block (miner.gasprice). Quiet chains' empty blocks would say 0. */
const LEAST_PRIORITY_FEE_PER_GAS_WEI = 1_000_000n;

/** The median of the tips that the blocks of a fee history took at its first percentile, empty ones left out, in wei. */
export function tipOf({ reward, gasUsedRatio }: z.output<typeof feeHistoryAnswer>): bigint {
  const tips = (reward ?? []).flatMap(([tip], index) =>
    tip === undefined || (gasUsedRatio[index] ?? 0) === 0 ? [] : [tip],
  );
  return largerOf(medianOf(tips), LEAST_PRIORITY_FEE_PER_GAS_WEI);
}

function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((left, right) => (left < right ? -1 : Number(left > right)));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
