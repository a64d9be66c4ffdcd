import type { NodeReply } from './askInTurn.ts';
import type { JsonRpcRequest } from './jsonRpcHttp.ts';
import { cannotSay, revertOf } from './nodeErrors.ts';
import type { PoolNode } from './poolNode.ts';
import { blockHashOf, isByBlockHash } from './question.ts';
import { isSameAnswer, isSameNumber } from './sameAnswer.ts';

/** What two nodes said alike, and which others said otherwise. */
export type Agreement = {
  readonly answer: NodeReply;
  /** Who said it; nobody where it is that two do not know. */
  readonly agreed: readonly PoolNode[];
  /** They did not know what two others said. */
  readonly ignorant: readonly PoolNode[];
  readonly liars: readonly PoolNode[];
  /** They have another block where a number was asked for: a reorg does that, too. */
  readonly onOtherBranch: readonly PoolNode[];
};

/** The first answer that two nodes gave; null while there is none. That two do not know is an answer, too. */
export function judgeAnswers(asked: JsonRpcRequest, answers: readonly NodeReply[]): Agreement | null {
  const said = answers.filter((answer) => isSaid(answer));
  for (const [index, answer] of said.entries()) {
    const same = said.slice(index + 1).filter((other) => isSame(asked, answer, other));
    if (same.length === 0) continue;
    const agreed = [answer, ...same].map(({ node }) => node);
    const others = said.filter(({ node }) => !agreed.includes(node));
    const isLie = (other: NodeReply) => isByBlockHash(asked) || isOfSameBlock(answer, other);
    return {
      answer,
      agreed,
      ignorant: answers.filter((other) => isUnknown(other)).map(({ node }) => node),
      liars: others.filter(isLie).map(({ node }) => node),
      onOtherBranch: others.filter((other) => !isLie(other)).map(({ node }) => node),
    };
  }
  const unknown = answers.filter((answer) => isUnknown(answer));
  const [first] = unknown;
  if (said.length > 0 || first === undefined || unknown.length < 2) return null;
  return { answer: first, agreed: [], ignorant: [], liars: [], onOtherBranch: [] };
}

/** The nodes that said something, when no two said the same. */
export function speakers(answers: readonly NodeReply[]): string[] {
  return answers.filter((answer) => isSaid(answer)).map(({ node }) => node.label);
}

/** Whether a node answered at all, if only that it does not know. */
export function isAnswered(answer: NodeReply): boolean {
  return answer.kind !== 'UNANSWERED';
}

/** A value, or a revert. */
function isSaid(answer: NodeReply): boolean {
  if (answer.kind === 'REFUSED') return revertOf(answer.error) !== null;
  return answer.kind === 'VALUE' && !isUnknown(answer);
}

/** The node does not know (yet), or cannot say: that contradicts nobody. */
function isUnknown(answer: NodeReply): boolean {
  if (answer.kind !== 'VALUE') {
    if (answer.kind === 'UNANSWERED') return false;
    return revertOf(answer.error) === null || cannotSay(answer.error);
  }
  const { value } = answer;
  if (value === null || value === undefined) return true;
  // Of a transaction in its pool.
  return typeof value === 'object' && 'blockHash' in value && value.blockHash === null;
}

function isSame({ method }: JsonRpcRequest, a: NodeReply, b: NodeReply): boolean {
  if (a.kind === 'VALUE' && b.kind === 'VALUE') {
    const isSameWord = method === 'eth_getStorageAt' && isSameNumber(a.value, b.value);
    return isSameWord || isSameAnswer(a.value, b.value);
  }
  if (a.kind !== 'REFUSED' || b.kind !== 'REFUSED') return false;
  const [one, other] = [revertOf(a.error), revertOf(b.error)];
  return one === other || one === '0x' || other === '0x';
}

function isOfSameBlock(a: NodeReply, b: NodeReply): boolean {
  if (a.kind !== 'VALUE' || b.kind !== 'VALUE') return false;
  const hash = blockHashOf(a.value);
  return hash !== null && hash === blockHashOf(b.value);
}
