import { HttpRequestError, ResponseBodyTooLargeError, RpcRequestError, TimeoutError } from 'viem';

/** Whether a node did not answer at all: broke, was silent, asked for a rest, or answered with what is no JSON-RPC. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof HttpRequestError ||
    error instanceof TimeoutError ||
    error instanceof ResponseBodyTooLargeError
  );
}

const CODES: readonly number[] = [-32601, -32603, -32001, -32002, -32004];
const WORDS =
  /header not found|block not found|unknown block|could not find block|missing trie node|state .*(not available|unavailable|pruned)|pruned|historical state|not supported|not available|does not exist/i;

/** Whether an error says that this node cannot say: another may. */
export function cannotSay(error: unknown): boolean {
  if (!(error instanceof RpcRequestError) || revertOf(error) !== null) return false;
  return CODES.includes(error.code) || WORDS.test(error.details);
}

/** What a call reverted with, `0x` where the node does not tell. Null where it is no revert. */
export function revertOf(error: unknown): string | null {
  if (!(error instanceof RpcRequestError)) return null;
  if (error.code !== 3 && !/revert/i.test(error.details)) return null;
  // Some write "Reverted 0x…".
  const bytes = typeof error.data === 'string' ? /0x[0-9a-f]*$/i.exec(error.data) : null;
  return bytes?.[0].toLowerCase() ?? '0x';
}
