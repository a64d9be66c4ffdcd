import { refuse } from '../../core/errors.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { createFaultList } from '../faultList.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireName } from '../requireName.ts';
import { findPayee } from './findPayee.ts';
import {
  type DestinationText,
  PAYEE_FAULTS,
  requireDestinations,
  requirePayeeReference,
} from './payeeFields.ts';
import { textKey } from './textKey.ts';
import { type PayeeWarning, warnOfLookAlikes } from './warnOfLookAlikes.ts';
import { recordPayee, refuseTakenReference, writeDestinations } from './writePayee.ts';

export const PAYEE_UPDATE_FAULTS = {
  ...PAYEE_FAULTS,
  PAYEE_ARCHIVED: 'The payee is archived.',
} as const;

export type PayeeUpdateInput = {
  payeeId: string;
  /** Null leaves it as it is; so do the others. */
  name: string | null;
  reference: string | null;
  /** All of them: they replace what was there. */
  destinations: readonly DestinationText[] | null;
};

/**
 * Changes a payee. What was paid, and batches that were made, stay as they are. What changes nothing tells nothing. Needs
 * PAYEES_MANAGE.
 * @throws UserFaultsError with codes of PAYEE_UPDATE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payeeUpdate(
  context: RequestContext,
  input: PayeeUpdateInput,
): Promise<{ payeeId: string; warnings: readonly PayeeWarning[]; eventCursor: string | null }> {
  const committed = await refuseTakenReference(() =>
    unitOfWork(context.log, async (work) => {
      const { payee, destinations: before, viewer } = await findPayee(context, work.database, input.payeeId);
      if (payee.archivedAt !== null) {
        refuse('PAYEE_ARCHIVED', 'An archived payee does not change any more.', ['input', 'payeeId']);
      }
      const faults = createFaultList();
      const name = await faults.attempt(() => requireName(input.name ?? payee.name));
      const reference = await faults.attempt(() => requirePayeeReference(input.reference ?? payee.reference));
      const destinations = await faults.attempt(() =>
        input.destinations === null ? before : requireDestinations(work.database, input.destinations),
      );
      faults.throwIfAny();
      if (name === null || reference === null || destinations === null)
        return { payee, before, destinations: before };
      const done = { payee, before, destinations };
      const hasMoved = JSON.stringify(destinations) !== JSON.stringify(before);
      if (name === payee.name && reference === payee.reference && !hasMoved) return done;
      const keys = { nameKey: textKey(name), referenceKey: textKey(reference) };
      await work.database
        .updateTable('payee')
        .set({ name, reference, ...keys })
        .where('id', '=', payee.id)
        .execute();
      if (hasMoved) {
        const of = { payeeId: payee.id, organizationId: payee.organizationId };
        await writeDestinations(work.database, of, destinations);
      }
      recordPayee(work, 'PAYEE_UPDATED', { ...payee, name, reference }, destinations, viewer.userId);
      return done;
    }),
  );
  const { payee, before, destinations } = committed.value;
  const { id, organizationId } = payee;
  const warnings =
    input.destinations === null
      ? []
      : await warnOfLookAlikes(context.log.database, organizationId, destinations, before);
  return { payeeId: id, warnings, eventCursor: committed.eventCursor(organizationId) };
}
