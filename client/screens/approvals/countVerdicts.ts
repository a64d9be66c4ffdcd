import type { Verdict } from '../../generated/operationTypes.ts';

/** How many keys have signed, and how many rejected. */
export function countVerdicts(decisions: readonly { verdict: Verdict }[]): {
  granted: number;
  rejected: number;
} {
  const granted = decisions.filter(({ verdict }) => verdict === 'GRANTED').length;
  return { granted, rejected: decisions.length - granted };
}
