import { type UserFault, UserFaultsError } from '../../core/errors.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { Destination } from './payeeFields.ts';

/** Replaces a payee's destinations. */
export async function writeDestinations(
  database: DatabaseTransaction,
  { payeeId, organizationId }: { payeeId: string; organizationId: string },
  destinations: readonly Destination[],
): Promise<void> {
  await database.deleteFrom('payeeDestination').where('payeeId', '=', payeeId).execute();
  await database
    .insertInto('payeeDestination')
    .values(
      destinations.map((destination, position) => ({ ...destination, payeeId, organizationId, position })),
    )
    .execute();
}

/** Tells the log what a payee is now, and who made it so. */
export function recordPayee(
  work: UnitOfWork,
  type: 'PAYEE_CREATED' | 'PAYEE_UPDATED' | 'PAYEE_ARCHIVED',
  payee: { id: string; organizationId: string; name: string; reference: string },
  destinations: readonly Destination[],
  byUserId: string,
): void {
  const { id: subjectId, organizationId, name, reference } = payee;
  work.record({
    organizationId,
    type,
    subjectId,
    payload: { byUserId, name, reference, destinations: [...destinations] },
  });
}

const TAKEN: UserFault = {
  code: 'REFERENCE_TAKEN',
  message: 'Another payee has this reference. References are compared without regard to case.',
  path: ['input', 'reference'],
};

/**
 * Runs what writes a payee; the unique index decides between two who take one reference at once.
 * @throws UserFaultsError REFERENCE_TAKEN
 */
export async function refuseTakenReference<Value>(write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    const constraint = error instanceof Error && 'constraint' in error ? error.constraint : null;
    if (constraint === 'payee_live_reference_key') throw new UserFaultsError([TAKEN]);
    throw error;
  }
}
