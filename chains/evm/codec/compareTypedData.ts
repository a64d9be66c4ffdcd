import type { DifferentPart, RequestDifference } from './requestDifference.ts';
import { shorten } from './requestDifference.ts';
import type { safeTypedData } from './safeTransaction.ts';

const NAMED_PARTS: Readonly<Record<string, DifferentPart>> = {
  'domain.chainId': 'CHAIN',
  'domain.verifyingContract': 'SAFE',
  'message.to': 'TARGET',
  'message.value': 'VALUE',
  'message.data': 'DATA',
  'message.operation': 'OPERATION',
  'message.safeTxGas': 'SAFE_TX_GAS',
  'message.baseGas': 'BASE_GAS',
  'message.gasPrice': 'GAS_PRICE',
  'message.gasToken': 'GAS_TOKEN',
  'message.refundReceiver': 'REFUND',
  'message.nonce': 'NONCE',
};

/**
 * Where typed data that somebody else sent is not what was rebuilt here: types, domain and message, field by field.
 * It is never what is signed: this tells people what was tried. Reads no deeper than the rebuilt one goes.
 */
export function compareTypedData(
  rebuilt: ReturnType<typeof safeTypedData>,
  served: unknown,
): RequestDifference[] {
  const differences: RequestDifference[] = [];
  compare('', rebuilt, served, differences);
  return differences;
}

function compare(path: string, expected: unknown, found: unknown, differences: RequestDifference[]): void {
  if (expected === null || typeof expected !== 'object') {
    if (!isSameValue(expected, found)) differences.push(difference(path, expected, found));
    return;
  }
  if (found === null || typeof found !== 'object' || Array.isArray(found) !== Array.isArray(expected)) {
    differences.push(difference(path, expected, found));
    return;
  }
  for (const key of Object.keys(expected)) {
    const value = Object.hasOwn(found, key) ? (found as Record<string, unknown>)[key] : undefined;
    compare(join(path, key), (expected as Record<string, unknown>)[key], value, differences);
  }
  // One of them is enough to refuse, and there may be millions.
  const unknown = Object.keys(found).find((key) => !Object.hasOwn(expected, key));
  if (unknown !== undefined) {
    const value = (found as Record<string, unknown>)[unknown];
    differences.push(difference(join(path, shorten(unknown)), undefined, value));
  }
}

/** A number may come as its decimal digits and the other way round, as wallets take it; hexadecimal in any case. */
function isSameValue(expected: unknown, found: unknown): boolean {
  if (typeof found !== 'string' && typeof found !== 'number') return false;
  const [left, right] = [`${expected}`, `${found}`];
  return left === right || (left.startsWith('0x') && left.toLowerCase() === right.toLowerCase());
}

function difference(path: string, expected: unknown, found: unknown): RequestDifference {
  const name = path === '' ? 'typed data' : path;
  const [rebuilt, actual] = shownFromTheFirstDifference(textOf(expected), textOf(found));
  return {
    what: NAMED_PARTS[path] ?? 'TYPED_DATA',
    source: 'TYPED_DATA',
    expected: expected === undefined ? null : rebuilt,
    found: found === undefined ? null : actual,
    sentence: `The typed data’s ${name} is ${actual}; rebuilt here it is ${rebuilt}.`,
  };
}

function textOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return `${String(value)}`;
}

const SHOWN_CHARACTERS_BEFORE = 20;

/** Of two long texts the part where they begin to differ: what is the same in both says nothing. */
function shownFromTheFirstDifference(left: string, right: string): [string, string] {
  if (shorten(left) !== shorten(right)) return [shorten(left), shorten(right)];
  let index = 0;
  while (index < left.length && left[index]?.toLowerCase() === right[index]?.toLowerCase()) index += 1;
  const start = Math.max(0, index - SHOWN_CHARACTERS_BEFORE);
  return [`…${shorten(left.slice(start))}`, `…${shorten(right.slice(start))}`];
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
