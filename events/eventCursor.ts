import { BaseError } from '../core/errors.ts';

/** The cursor is malformed, of another organization, or ahead of the log. */
export class CursorInvalidError extends BaseError {
  override readonly name = 'CursorInvalidError';
  constructor() {
    super('CURSOR_INVALID', 'This cursor is not a position in this event log.');
  }
}

/** The entries after this cursor are no longer kept: start anew, or go on from `oldest` and know what was missed. */
export class CursorExpiredError extends BaseError {
  override readonly name = 'CursorExpiredError';
  /** The first position that can still be followed, as a cursor. */
  readonly oldest: string;
  constructor(oldest: string) {
    super('CURSOR_EXPIRED', 'The entries after this cursor are no longer kept.');
    this.oldest = oldest;
  }
}

const PREFIX = 'e1';
const MAX_EVENT_NUMBER = (1n << 63n) - 1n;

/** The opaque position just after entry `number` of one organization's log; 0 is before the first. */
export function encodeEventCursor(organizationId: string, number: bigint): string {
  return btoa(`${PREFIX}:${organizationId.replaceAll('-', '')}:${number}`)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Reads a cursor of this organization. @throws CursorInvalidError */
export function decodeEventCursor(organizationId: string, cursor: string): bigint {
  let text: string;
  try {
    text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw new CursorInvalidError();
  }
  const [prefix, organization, digits, ...rest] = text.split(':');
  if (
    prefix !== PREFIX ||
    organization !== organizationId.replaceAll('-', '') ||
    digits === undefined ||
    !/^(0|[1-9]\d{0,18})$/.test(digits) ||
    rest.length > 0
  ) {
    throw new CursorInvalidError();
  }
  const number = BigInt(digits);
  if (number > MAX_EVENT_NUMBER || encodeEventCursor(organizationId, number) !== cursor)
    throw new CursorInvalidError();
  return number;
}
