import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { MetFailpoint, Phase } from './failpoints.ts';
import type { NodeFault } from './nodeFaults.ts';
import { answerAsOf, askAsOf } from './nodeLag.ts';
import { tellLie } from './nodeLies.ts';

type Question = { jsonrpc: string; id: unknown; method: string; params?: readonly unknown[] };
type Answer = { jsonrpc: string; id: unknown; result?: unknown; error?: { code: number; message: string } };

/** One JSON-RPC call of one client process. */
export type NodeCall = {
  readonly method: string;
  readonly params: readonly unknown[];
  /** 1 for the first call of the process, over all methods. */
  readonly number: number;
  /** 1 for the first call of this method. */
  readonly nth: number;
};

/** One call of a request, with what will happen to it. */
export type TreatedCall = {
  question: Question;
  call: NodeCall;
  fault: NodeFault;
  met: MetFailpoint<NodeCall> | null;
};

/** What the client gets: null, a broken connection. */
export type NodeResponse = { status: number; headers?: Record<string, string>; body: string } | null;

export type NodeRequest = { body: string; isBatch: boolean; calls: readonly TreatedCall[] };

export type NodeWay = {
  target: string;
  /** Resolves when another request has been answered. */
  nextAnswered(): Promise<void>;
};

/** They change what a node is asked or answers; the others, whether and when. */
const CALL_FAULTS: readonly NodeFault['kind'][] = [
  'LIMIT_EXCEEDED',
  'DUPLICATE',
  'ERROR_AFTER',
  'LAG',
  'LIE',
];
const AGENT = new Agent({ keepAlive: true });
const INTERNAL_ERROR = { code: -32603, message: 'Internal error' };
const LIMIT_EXCEEDED = { code: -32005, message: 'limit exceeded' };

/** A request's calls. @throws when it is none */
export function readQuestions(body: string): { questions: Question[]; isBatch: boolean } {
  const parsed: unknown = JSON.parse(body);
  return { questions: [parsed].flat() as Question[], isBatch: Array.isArray(parsed) };
}

/** Does with a request what its faults and failpoints have, up to the answer. */
export async function passRequest(
  { body, isBatch, calls }: NodeRequest,
  way: NodeWay,
): Promise<NodeResponse> {
  if (!(await actAt('BEFORE', calls))) return null;
  const faults = calls.map(({ fault }) => fault);
  const refusal = faults.find(({ kind }) => kind === 'DROP_BEFORE' || kind === 'RATE_LIMIT');
  if (refusal !== undefined) {
    // That is all the answer there will be: who waits for it has met its failpoint.
    const isCut = !(await actAt('RAN', calls));
    return isCut || refusal.kind !== 'RATE_LIMIT' ? null : tooManyRequests(refusal.retryAfterSeconds);
  }
  for (const fault of faults) {
    if (fault.kind === 'DELAY') await delay(fault.ms);
    if (fault.kind === 'REORDER') await waitForAnother(way, fault.maxMs);
  }
  const isReversed = isBatch && faults.some(({ kind }) => kind === 'REORDER');
  const isUntouched = !isReversed && faults.every(({ kind }) => !CALL_FAULTS.includes(kind));
  const answer = isUntouched
    ? await post(way.target, body)
    : answerText(await askNode(isReversed ? calls.toReversed() : calls, way.target), isBatch);
  if (!(await actAt('RAN', calls))) return null;
  if (faults.some(({ kind }) => kind === 'DROP_AFTER')) return null;
  return { status: 200, body: answer };
}

/** Calls the failpoints of a phase. @returns false when the connection is to be cut */
export async function actAt(phase: Phase, calls: readonly TreatedCall[]): Promise<boolean> {
  for (const { met, call } of calls) {
    if (met?.phase === phase && (await met.act(call)) === 'CUT') return false;
  }
  return true;
}

async function waitForAnother(way: NodeWay, maxMs: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([way.nextAnswered(), delay(maxMs, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}

function tooManyRequests(retryAfterSeconds: number): NodeResponse {
  const error = { code: LIMIT_EXCEEDED.code, message: 'Too Many Requests' };
  return {
    status: 429,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: JSON.stringify({ jsonrpc: '2.0', id: null, error }),
  };
}

/** The node's answers to the calls that reach it, changed as their faults have it. */
async function askNode(calls: readonly TreatedCall[], target: string): Promise<Answer[]> {
  const reaching = calls.filter(({ fault }) => fault.kind !== 'LIMIT_EXCEEDED');
  const isLagging = reaching.some(({ fault }) => fault.kind === 'LAG');
  const newest = isLagging ? BigInt(String(await askOne(target, 'eth_blockNumber'))) : 0n;
  const questions = reaching.flatMap(({ question, fault }): Question[] => {
    const { method, params = [] } = question;
    if (fault.kind === 'LAG') return [{ ...question, ...askAsOf({ method, params }, headOf(fault, newest)) }];
    return fault.kind === 'DUPLICATE' ? [question, question] : [question];
  });
  // Ids are the client's; the node's answers are told apart by numbers of our own.
  const numbered = questions.map((question, id) => ({ ...question, id }));
  const raw = numbered.length === 0 ? [] : await ask(target, numbered);
  const found = new Map(raw.map((answer) => [answer.id, answer]));
  let next = 0;
  return calls.map(({ question, fault }) => {
    const { jsonrpc, id, method, params = [] } = question;
    if (fault.kind === 'LIMIT_EXCEEDED') return { jsonrpc, id, error: LIMIT_EXCEEDED };
    next += fault.kind === 'DUPLICATE' ? 2 : 1;
    const answer = found.get(next - 1);
    if (answer === undefined) throw new Error(`The node did not answer ${method}.`);
    if (fault.kind === 'ERROR_AFTER') return { jsonrpc, id, error: INTERNAL_ERROR };
    if (answer.error !== undefined) return { ...answer, id };
    const asked = { method, params };
    if (fault.kind === 'LIE') return { ...answer, id, result: tellLie(fault.lie, asked, answer.result) };
    if (fault.kind !== 'LAG') return { ...answer, id };
    return { ...answer, id, result: answerAsOf(asked, answer.result, headOf(fault, newest)) };
  });
}

function headOf({ blocks }: { blocks: number }, newest: bigint): bigint {
  return newest > BigInt(blocks) ? newest - BigInt(blocks) : 0n;
}

async function askOne(target: string, method: string): Promise<unknown> {
  return (await ask(target, [{ jsonrpc: '2.0', id: 0, method, params: [] }]))[0]?.result;
}

async function ask(target: string, questions: readonly Question[]): Promise<Answer[]> {
  return JSON.parse(await post(target, JSON.stringify(questions))) as Answer[];
}

async function post(target: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const asking = request(target, { method: 'POST', headers, agent: AGENT });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return text(response);
}

function answerText(answers: readonly Answer[], isBatch: boolean): string {
  return JSON.stringify(isBatch ? answers : answers[0]);
}
