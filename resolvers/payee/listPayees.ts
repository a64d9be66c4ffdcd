import { sql } from 'kysely';
import { type KeysetOrder, type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { PayeeRow } from './loadPayees.ts';
import { textKey } from './textKey.ts';

const ORDER: KeysetOrder<PayeeRow> = {
  name: 'payee',
  direction: 'asc',
  columns: [
    { column: 'nameKey', type: 'text' },
    { column: 'id', type: 'uuid' },
  ],
  keyOf: (row) => [row.nameKey, row.id],
};

export type PayeeFilter = {
  /** Part of a name or of a reference, in any case; null for all. */
  search: string | null;
  /** True: archived ones alone; false: the others alone. */
  archived: boolean;
};

/**
 * Payees of organizations, by name.
 * @throws UnauthenticatedError, BadUserInputError, LimitExceededError, PageCursorInvalidError
 */
export function listPayees(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  { search, archived }: PayeeFilter,
): Promise<Page<PayeeRow>[]> {
  let payees = context.log.database
    .selectFrom('payee')
    .selectAll()
    .where('organizationId', '=', sql.ref<string>('parent.id'))
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .where(viewerIsMember(context, sql.ref('payee.organizationId')));
  if (search !== null) {
    const part = textKey(search).replaceAll('\0', '');
    payees = payees.where(
      sql<boolean>`(strpos(payee.name_key, ${part}) > 0 or strpos(payee.reference_key, ${part}) > 0)`,
    );
  }
  return readPages(context.log.database, organizationIds, page, payees, ORDER);
}
