import { refuse, required } from '../../core/errors.ts';
import { MAX_PAYEES_PER_ORGANIZATION } from '../../core/limits.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { authorize } from '../authorize.ts';
import { createOnce } from '../createOnce.ts';
import { createFaultList } from '../faultList.ts';
import { checkIdempotencyKey, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import { lockMembership } from '../organization/lockMembers.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireName } from '../requireName.ts';
import {
  type DestinationText,
  PAYEE_FAULTS,
  requireDestinations,
  requirePayeeReference,
} from './payeeFields.ts';
import { textKey } from './textKey.ts';
import { type PayeeWarning, warnOfLookAlikes } from './warnOfLookAlikes.ts';
import { recordPayee, refuseTakenReference, writeDestinations } from './writePayee.ts';

export const PAYEE_CREATE_FAULTS = {
  ...PAYEE_FAULTS,
  TOO_MANY_PAYEES: 'The organization has as many payees as it can.',
  ...IDEMPOTENCY_FAULTS,
} as const;

export type PayeeCreateInput = {
  organizationId: string;
  name: string;
  reference: string;
  destinations: readonly DestinationText[];
  idempotencyKey: string;
};

export type PayeeCreateResult = {
  payeeId: string;
  /** Of its destinations; none for a replay. */
  warnings: readonly PayeeWarning[];
  replayed: boolean;
  eventCursor: string | null;
};

/**
 * Puts somebody into an organization's address book. Needs PAYEES_MANAGE.
 * @throws UserFaultsError with codes of PAYEE_CREATE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payeeCreate(
  context: RequestContext,
  input: PayeeCreateInput,
): Promise<PayeeCreateResult> {
  const { database } = context.log;
  const { organizationId } = input;
  const viewer = await authorize(context, database, organizationId, 'PAYEES_MANAGE', 'The organization');
  const faults = createFaultList();
  const name = await faults.attempt(() => requireName(input.name));
  const reference = await faults.attempt(() => requirePayeeReference(input.reference));
  const checked = await faults.attempt(() => requireDestinations(database, input.destinations));
  await faults.attempt(() => checkIdempotencyKey(input.idempotencyKey));
  faults.throwIfAny();
  const payee = {
    organizationId,
    name: required(name, 'The name'),
    reference: required(reference, 'The reference'),
  };
  const destinations = required(checked, 'The destinations');
  const request = {
    scopeId: organizationId,
    operation: 'payeeCreate',
    key: input.idempotencyKey,
    inputHash: hashInput([payee.name, payee.reference, JSON.stringify(destinations)]),
  };
  const warnings = await warnOfLookAlikes(database, organizationId, destinations, []);
  const created = await refuseTakenReference(() =>
    createOnce(context, request, async (work, id) => {
      // Two at once must not both find the last place free.
      await lockMembership(work.database, organizationId);
      await requireRoom(work.database, organizationId);
      const keys = { nameKey: textKey(payee.name), referenceKey: textKey(payee.reference) };
      await work.database
        .insertInto('payee')
        .values({ id, ...payee, ...keys, createdByUserId: viewer.userId })
        .execute();
      await writeDestinations(work.database, { payeeId: id, organizationId }, destinations);
      recordPayee(work, 'PAYEE_CREATED', { id, ...payee }, destinations, viewer.userId);
    }),
  );
  return {
    payeeId: created.objectId,
    warnings: created.replayed ? [] : warnings,
    replayed: created.replayed,
    eventCursor: created.eventCursor(organizationId),
  };
}

/** @throws UserFaultsError TOO_MANY_PAYEES */
async function requireRoom(database: DatabaseTransaction, organizationId: string): Promise<void> {
  const { count } = await database
    .selectFrom('payee')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('organizationId', '=', organizationId)
    .where('archivedAt', 'is', null)
    .executeTakeFirstOrThrow();
  if (Number(count) < MAX_PAYEES_PER_ORGANIZATION) return;
  const message = `An organization has at most ${MAX_PAYEES_PER_ORGANIZATION} payees. Archive some first.`;
  refuse('TOO_MANY_PAYEES', message);
}
