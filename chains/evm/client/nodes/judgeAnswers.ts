import type { NodeAnswer } from './askInTurn.ts';
import { cannotSay, revertOf } from './isUnanswered.ts';
import type { JsonRpcRequest } from './jsonRpcHttp.ts';
import type { PoolNode } from './poolNode.ts';
import { blockHashOf, isByBlockHash } from './question.ts';
import { isSameAnswer, isSameNumber } from './sameAnswer.ts';

/** What two nodes said alike, and which others said otherwise. */
export type Agreement = {
  readonly answer: NodeAnswer;
  readonly agreed: readonly PoolNode[];
  readonly liars: readonly PoolNode[];
  /** They have another block where a number was asked for: a reorg does that, too. */
  readonly onOtherBranch: readonly PoolNode[];
};

/** The first answer that two nodes gave; null while there is none. That two do not know is an answer, too. */
export function judgeAnswers(asked: JsonRpcRequest, answers: readonly NodeAnswer[]): Agreement | null {
  const said = answers.filter((answer) => isSaid(asked, answer, answers));
  for (const [index, answer] of said.entries()) {
    const same = said.slice(index + 1).filter((other) => isSame(asked, answer, other));
    if (same.length === 0) continue;
    const agreed = [answer, ...same].map(({ node }) => node);
    const others = said.filter(({ node }) => !agreed.includes(node));
    const isLie = (other: NodeAnswer) => isByBlockHash(asked) || isOfSameBlock(answer, other);
    return {
      answer,
      agreed,
      liars: others.filter(isLie).map(({ node }) => node),
      onOtherBranch: others.filter((other) => !isLie(other)).map(({ node }) => node),
    };
  }
  const unknown = answers.filter((answer) => isUnknown(asked, answer, answers));
  const [first, second] = unknown;
  if (said.length > 0 || first === undefined || second === undefined) return null;
  return { answer: first, agreed: [first.node, second.node], liars: [], onOtherBranch: [] };
}

/** The nodes that said something, when no two said the same. */
export function speakers(asked: JsonRpcRequest, answers: readonly NodeAnswer[]): string[] {
  return answers.filter((answer) => isSaid(asked, answer, answers)).map(({ node }) => node.label);
}

/** Whether a node answered at all, if only that it does not know. */
export function isAnswered(answer: NodeAnswer): boolean {
  return answer.kind !== 'UNANSWERED';
}

/** A value, or a revert. */
function isSaid(asked: JsonRpcRequest, answer: NodeAnswer, all: readonly NodeAnswer[]): boolean {
  if (answer.kind === 'REFUSED') return revertOf(answer.error) !== null;
  return answer.kind === 'VALUE' && !isUnknown(asked, answer, all);
}

/** The node does not know (yet), or cannot say: that contradicts nobody. */
function isUnknown(asked: JsonRpcRequest, answer: NodeAnswer, all: readonly NodeAnswer[]): boolean {
  if (answer.kind !== 'VALUE') {
    if (answer.kind === 'UNANSWERED') return false;
    return revertOf(answer.error) === null || cannotSay(answer.error);
  }
  const { value } = answer;
  if (value === null || value === undefined) return true;
  // Of a transaction in its pool.
  if (typeof value === 'object' && 'blockHash' in value && value.blockHash === null) return true;
  return asked.method === 'eth_getLogs' && mayLackBlock(answer.node, value, all);
}

/** Some nodes answer with no logs for a block that they do not have yet. */
function mayLackBlock(node: PoolNode, value: unknown, all: readonly NodeAnswer[]): boolean {
  if (!Array.isArray(value) || value.length > 0) return false;
  const numbers = all.flatMap((answer) => (answer.kind === 'VALUE' ? numberOfFirst(answer.value) : []));
  const [number] = numbers;
  return number !== undefined && (node.head === null || node.head.number < number);
}

function numberOfFirst(logs: unknown): bigint[] {
  const [first] = Array.isArray(logs) ? logs : [];
  const number: unknown = typeof first === 'object' && first !== null ? first.blockNumber : null;
  return typeof number === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(number) ? [BigInt(number)] : [];
}

function isSame({ method }: JsonRpcRequest, a: NodeAnswer, b: NodeAnswer): boolean {
  if (a.kind === 'VALUE' && b.kind === 'VALUE') {
    const isSameWord = method === 'eth_getStorageAt' && isSameNumber(a.value, b.value);
    return isSameWord || isSameAnswer(a.value, b.value);
  }
  if (a.kind !== 'REFUSED' || b.kind !== 'REFUSED') return false;
  const [one, other] = [revertOf(a.error), revertOf(b.error)];
  return one === other || one === '0x' || other === '0x';
}

function isOfSameBlock(a: NodeAnswer, b: NodeAnswer): boolean {
  if (a.kind !== 'VALUE' || b.kind !== 'VALUE') return false;
  const hash = blockHashOf(a.value);
  return hash !== null && hash === blockHashOf(b.value);
}
