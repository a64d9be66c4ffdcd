import { isUnanswered } from './nodeErrors.ts';
import type { PoolNode } from './poolNode.ts';

/** A node that may be asked; `isLastResort`: although its breaker is open. */
export type Turn = { readonly node: PoolNode; readonly isLastResort: boolean };

/** What a node did with a question. REFUSED: it answered with an error. */
export type NodeReply =
  | { readonly node: PoolNode; readonly kind: 'VALUE'; readonly value: unknown }
  | { readonly node: PoolNode; readonly kind: 'REFUSED' | 'UNANSWERED'; readonly error: Error };

/** A node that is silent for so long is not waited for alone: the next one is asked, too. */
const HEDGE_AFTER_MS = 1_500;

export type InTurn<Verdict> = {
  readonly turns: readonly Turn[];
  /** How many are asked at once. */
  readonly atOnce: 1 | 2;
  readonly ask: (turn: Turn) => Promise<unknown>;
  /** Looks at all answers so far; null: not enough. */
  readonly judge: (answers: readonly NodeReply[]) => Verdict | null;
};

/**
 * Asks nodes until the answers suffice: the first ones at once, each next one when a node does not answer, when the answers
 * of all that were asked do not suffice, or when they take long.
 * @returns the verdict, or all answers when they do not suffice and nobody is left
 */
export async function askInTurn<Verdict>(
  asked: InTurn<Verdict>,
): Promise<{ readonly verdict: Verdict } | { readonly answers: readonly NodeReply[] }> {
  const { turns, atOnce, ask, judge } = asked;
  const { promise, resolve, reject } =
    Promise.withResolvers<Awaited<ReturnType<typeof askInTurn<Verdict>>>>();
  const answers: NodeReply[] = [];
  let next = 0;
  let isDone = false;

  const end = (outcome: Awaited<typeof promise>): void => {
    isDone = true;
    clearInterval(hedge);
    resolve(outcome);
  };
  const take = (answer: NodeReply): void => {
    answers.push(answer);
    if (isDone) return;
    const verdict = judge(answers);
    if (verdict !== null) {
      end({ verdict });
      return;
    }
    const areAllIn = answers.length === next;
    if (areAllIn || answer.kind === 'UNANSWERED') start();
    if (areAllIn && answers.length === next) end({ answers });
  };
  const start = (): void => {
    const turn = turns[next];
    if (turn === undefined) return;
    next += 1;
    answerOf(turn, ask)
      .then(take)
      .catch((error: unknown) => {
        isDone = true;
        clearInterval(hedge);
        reject(error);
      });
  };
  const hedge = setInterval(start, HEDGE_AFTER_MS);
  for (let count = 0; count < atOnce; count++) start();
  if (next === 0) end({ answers });
  return promise;
}

/** @throws what is no error of a node: a fault of ours */
async function answerOf(turn: Turn, ask: (turn: Turn) => Promise<unknown>): Promise<NodeReply> {
  const { node } = turn;
  try {
    return { node, kind: 'VALUE', value: await ask(turn) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { node, kind: isUnanswered(error) ? 'UNANSWERED' : 'REFUSED', error };
  }
}
