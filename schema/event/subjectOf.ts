import { brandWithType, type ObjectRef } from '@pothos/core';
import { NotFoundError } from '../../core/errors.ts';
import type { LoggedEvent } from '../../events/eventPayloads.ts';
import { Account } from '../account/account.ts';
import { Approval } from '../approval/approval.ts';
import type { SchemaTypes } from '../builder.ts';
import { Chain } from '../chain/chain.ts';
import { Invitation } from '../organization/invitation.ts';
import { Organization } from '../organization/organization.ts';
import { User } from '../organization/user.ts';
import { Payee } from '../payee/payee.ts';
import { PayoutBatch } from '../payoutBatch/payoutBatch.ts';
import type { SchemaContext } from '../schemaContext.ts';
import { Transfer } from '../transfer/transfer.ts';

/** The object that an entry is about, as it is now; null when the viewer may not see it any more. */
export async function subjectOf(event: LoggedEvent, context: SchemaContext): Promise<object | null> {
  const { account, approval, chain, invitation, organization, payee, payoutBatch, transfer, user } =
    context.loaders;
  switch (event.subjectType) {
    case 'Account':
      return branded(Account, await account.load(event.subjectId));
    case 'Approval':
      return branded(Approval, await approval.load(event.subjectId));
    case 'Chain':
      return branded(Chain, await chain.load(event.subjectId));
    case 'Invitation':
      return branded(Invitation, await invitation.load(event.subjectId));
    case 'Organization':
      return branded(Organization, await organization.load(event.subjectId));
    case 'Payee':
      return branded(Payee, await payee.load(event.subjectId));
    case 'PayoutBatch':
      return branded(PayoutBatch, await payoutBatch.load(event.subjectId));
    case 'Transfer':
      return branded(Transfer, await transfer.load(event.subjectId));
    case 'User':
      return branded(User, await user.load(event.subjectId));
  }
}

/** Marks a row with its type: how an answer of type Node knows which node it is. */
function branded<Row extends object>(type: ObjectRef<SchemaTypes, Row>, row: Row | null): Row | null {
  if (row !== null) brandWithType(row, type);
  return row;
}

/** An object that a message tells of, as it is now. @throws NotFoundError when the viewer's rights ended this moment */
export async function stillThere<Row>(loaded: Promise<Row | null>, what: string): Promise<Row> {
  const row = await loaded;
  if (row === null) throw new NotFoundError(what);
  return row;
}
