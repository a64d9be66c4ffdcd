import { feeHistoryAnswer } from '../nodeAnswer.ts';
import { tipOf } from '../tipOf.ts';
import type { NodeReply } from './askInTurn.ts';
import { headOf } from './poolNode.ts';

/** Heads so many blocks apart are what honest nodes tell at one moment. */
const HEADS_APART = 5n;
/** Tips of honest nodes differ by what each remembers and how it rounds: one may be so many times the other. */
const TIPS_APART = 2n;

/** A value that a node told, with the number that such values are compared by. */
export type RankedAnswer = {
  readonly answer: Extract<NodeReply, { kind: 'VALUE' }>;
  readonly rank: bigint;
};

/** What honest nodes tell differently, as numbers. */
export type Ranking = {
  /** Null where a value is malformed: it does not count. */
  readonly rankOf: (value: unknown) => bigint | null;
  /** Whether two are so near that no third is asked. */
  readonly areClose: (larger: bigint, lower: bigint) => boolean;
};

/** Of blocks: their numbers. No block at all is below the first one, and near to none. */
export const HEADS: Ranking = {
  rankOf: (block) => headOf(block)?.number ?? -1n,
  areClose: (larger, lower) => larger < 0n || (lower >= 0n && larger - lower <= HEADS_APART),
};

/** Of fee histories: the tips that follow from them. */
export const TIPS: Ranking = {
  rankOf: (history) => {
    const parsed = feeHistoryAnswer.safeParse(history);
    return parsed.success ? tipOf(parsed.data) : null;
  },
  areClose: (larger, lower) => larger <= TIPS_APART * lower,
};

/** The values of some answers, the largest first. */
export function rankAnswers(answers: readonly NodeReply[], { rankOf }: Ranking): RankedAnswer[] {
  return answers
    .flatMap((answer): RankedAnswer[] => {
      if (answer.kind !== 'VALUE') return [];
      const rank = rankOf(answer.value);
      return rank === null ? [] : [{ answer, rank }];
    })
    .toSorted((a, b) => (a.rank === b.rank ? 0 : a.rank > b.rank ? -1 : 1));
}

/**
 * Whether the second largest of these may be believed without asking another node: of three it is the middle one, which no
 * single node can move beyond what an honest one says; of two that are close it hardly matters.
 */
export function isEnough([largest, second, third]: readonly RankedAnswer[], { areClose }: Ranking): boolean {
  if (largest === undefined || second === undefined) return false;
  return third !== undefined || areClose(largest.rank, second.rank);
}
