/** A GraphQL error as it comes over the wire. */
export type WireError = { message: string; extensions?: Record<string, unknown> | undefined };

/**
 * What a refusal asks for.
 * - `RENEW`: the session is over; with another one the stream goes on.
 * - `RELOCATE`: the position is lost; from another one the stream goes on.
 * - `RETRY`: not now.
 * - `END`: not ever.
 */
export type Remedy = 'RENEW' | 'RELOCATE' | 'RETRY' | 'END';

const REMEDY_OF_CODE: ReadonlyMap<unknown, Remedy> = new Map([
  ['UNAUTHENTICATED', 'RENEW'],
  ['CURSOR_EXPIRED', 'RELOCATE'],
  ['CURSOR_INVALID', 'RELOCATE'],
  ['INTERNAL', 'RETRY'],
]);

/** Slots that streams of a connection that broke a moment ago may still hold. */
const LIMITS_THAT_PASS: readonly unknown[] = [
  'MAX_SUBSCRIPTIONS_PER_SESSION',
  'MAX_SUBSCRIPTIONS_PER_PROCESS',
  'MAX_OPERATIONS_PER_WEBSOCKET',
];

/** The remedy of a stream that was refused or ended with these errors: of several, that of the first. */
export function remedyOf(errors: readonly WireError[]): Remedy {
  const extensions = errors[0]?.extensions ?? {};
  if (extensions.code === 'LIMIT_EXCEEDED') {
    return LIMITS_THAT_PASS.includes(extensions.limit) ? 'RETRY' : 'END';
  }
  return REMEDY_OF_CODE.get(extensions.code) ?? 'END';
}

/** Whatever a stream failed with, as GraphQL errors. */
export function wireErrorsOf(failure: unknown): readonly WireError[] {
  if (Array.isArray(failure) && failure.length > 0) return failure as WireError[];
  return [{ message: failure instanceof Error ? failure.message : 'The subscription has failed.' }];
}

/** Unauthorized, Forbidden: the server has closed a connection that has no session. */
const CODES_WITHOUT_SESSION: readonly number[] = [4401, 4403];
/** Message too big, BadResponse, BadRequest, SubprotocolNotAcceptable: the next attempt would end the same way. */
const FATAL_CODES: readonly number[] = [1009, 4004, 4400, 4406];

/** What a closed socket asks for. @param code null where there was no close frame */
export function remedyOfClose(code: number | null): Exclude<Remedy, 'RELOCATE'> {
  if (code !== null && CODES_WITHOUT_SESSION.includes(code)) return 'RENEW';
  return code !== null && FATAL_CODES.includes(code) ? 'END' : 'RETRY';
}
