import { HttpRequestError } from 'viem';
import { NO_URL } from '../nodeUrlHider.ts';

/** Longer waits that a node asks for are cut to this: it is asked once more then. */
export const MAX_RETRY_AFTER_MS = 300_000;

/** JSON-RPC's code for it, HTTP's in its place, and QuickNode's own. */
const CODES: readonly number[] = [-32005, 429, -32007];
/** The same code says at some providers that an answer would be too long: that will not be better later. */
const TOO_LONG = /results|block range|response size|logs matched|blocks? (distance|height)/i;

/** The node wants to be asked less: it did not look at the request. */
export class RateLimitedError extends HttpRequestError {
  /** Null where the node does not say how long. */
  readonly retryAfterMs: number | null;

  constructor(retryAfterMs: number | null) {
    super({ url: NO_URL, status: 429, details: 'the node wants to be asked less' });
    this.retryAfterMs = retryAfterMs;
  }

  static isMeantBy(fault: { readonly code: number; readonly message: string }): boolean {
    return CODES.includes(fault.code) && !TOO_LONG.test(fault.message);
  }
}

/** @param header of HTTP's Retry-After: seconds, or a date */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS) : null;
}
