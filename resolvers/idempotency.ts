import { createHash } from 'node:crypto';
import { refuse } from '../core/errors.ts';
import { MAX_IDEMPOTENCY_KEY_CHARACTERS } from '../core/limits.ts';
import type { DatabaseTransaction, Queryable } from '../prisma/database.ts';

/** One request that must do its work once, however often it arrives. */
export type IdempotentRequest = {
  /** The organization; the viewer where no organization exists yet. */
  scopeId: string;
  operation: string;
  key: string;
  /** Of the canonical input, so that the same key with other input is noticed. */
  inputHash: Buffer;
};

export const IDEMPOTENCY_FAULTS = {
  IDEMPOTENCY_KEY_INVALID: 'The idempotency key is blank or too long.',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key was used before, with other input.',
} as const;

/** SHA-256 over parts, each with its length, so that no two lists of parts hash alike. */
export function hashInput(parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    hash.update(`${bytes.byteLength}:`);
    hash.update(bytes);
  }
  return hash.digest();
}

/** Refuses keys that cannot be stored. @throws UserFaultsError IDEMPOTENCY_KEY_INVALID */
export function checkIdempotencyKey(key: string): void {
  if (key.trim() === '' || key.length > MAX_IDEMPOTENCY_KEY_CHARACTERS) {
    refuse(
      'IDEMPOTENCY_KEY_INVALID',
      `An idempotency key has 1 to ${MAX_IDEMPOTENCY_KEY_CHARACTERS} characters and is not blank.`,
      ['input', 'idempotencyKey'],
    );
  }
}

/**
 * The object that this request made before, or null when it is new.
 * @throws UserFaultsError IDEMPOTENCY_KEY_REUSED when the key came with other input
 */
export async function findReplay(database: Queryable, request: IdempotentRequest): Promise<string | null> {
  const row = await database
    .selectFrom('idempotencyKey')
    .select(['inputHash', 'objectId'])
    .where('scopeId', '=', request.scopeId)
    .where('operation', '=', request.operation)
    .where('key', '=', request.key)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (!row.inputHash.equals(request.inputHash)) {
    refuse('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used before, with other input.', [
      'input',
      'idempotencyKey',
    ]);
  }
  return row.objectId;
}

/**
 * Claims the key for the object being made, in the transaction that makes it. A second request with the same key waits
 * here for the first to commit.
 * @returns true when claimed; false when another request has it: roll back and answer with `findReplay`
 */
export async function claimIdempotencyKey(
  database: DatabaseTransaction,
  request: IdempotentRequest,
  objectId: string,
): Promise<boolean> {
  const result = await database
    .insertInto('idempotencyKey')
    .values({ ...request, objectId })
    .onConflict((conflict) => conflict.columns(['scopeId', 'operation', 'key']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}
