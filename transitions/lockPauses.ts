import { sql } from 'kysely';
import type { DatabaseTransaction } from '../prisma/database.ts';

// Whoever pauses is told that nothing new is signed: both sides hold one lock of the organization, signers together,
// whoever pauses alone. A signer takes it after its batch's lock; a pause is written before its lock is taken.

function lockKey(organizationId: string) {
  return sql`hashtextextended(${`payout_pause:${organizationId}`}, 0)`;
}

/** For who is about to sign: no pause comes into force before this transaction ends. */
export async function holdOffPauses(database: DatabaseTransaction, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${lockKey(organizationId)})`.execute(database);
}

/** For who has written a pause: waits until all is committed that is being signed, without having seen it. */
export async function awaitSigners(database: DatabaseTransaction, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey(organizationId)})`.execute(database);
}
