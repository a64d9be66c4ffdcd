import type { Address } from 'viem';
import { required } from '../../core/errors.ts';
import type { PayoutLine } from '../../payroll/checks/payoutChecker.ts';
import type { PayoutIssue } from '../../payroll/checks/payoutIssue.ts';
import type { Queryable } from '../../prisma/database.ts';
import { type FoundPayee, type FoundPayees, findPayees } from '../payee/findPayees.ts';
import { textKey } from '../payee/textKey.ts';
import type { BatchTarget } from './batchTarget.ts';
import { findPaidPayeeAddresses } from './findPaidPayeeAddresses.ts';
import { findPaidRecipients } from './findPaidRecipients.ts';

/** What a payout's recipient is to the organization. */
export type RecipientMark = {
  /** The payee at whose address it is paid; null for nobody's, and where several share the address. */
  readonly payeeId: string | null;
  /** Never paid before, whatever the address book says: that is no more than what a colleague wrote. */
  readonly isNewRecipient: boolean;
};

/** Looks up all payees whom lines name or pay. */
export function findLinePayees(
  database: Queryable,
  target: BatchTarget,
  lines: readonly PayoutLine[],
): Promise<FoundPayees> {
  const references = lines.flatMap(({ reference }) => reference ?? []);
  const addresses = lines.flatMap(({ recipient }) => recipient ?? []);
  return findPayees(database, target, { references, addresses });
}

/** The payee whom a line's reference names, whatever its address; null for none. */
export function payeeNamedBy(payees: FoundPayees, reference: string | null): FoundPayee | null {
  return reference === null ? null : (payees.byReference.get(textKey(reference)) ?? null);
}

/** Whose address it is; of several payees with one address that of the one whom the reference names. */
export function payeeIdAt(payees: FoundPayees, recipient: Address, reference: string | null): string | null {
  const owners = payees.byAddress.get(recipient) ?? [];
  const named = payeeNamedBy(payees, reference);
  if (named !== null && owners.includes(named.id)) return named.id;
  return owners.length === 1 ? required(owners[0], 'The owner') : null;
}

/** A payout whose payee is known, and nothing else of whom it pays. */
export type MatchedPayout = {
  readonly row: number;
  readonly recipient: Address;
  readonly payeeId: string | null;
};

/**
 * Marks who was never paid before on the batch's chain, and warns of payees who were paid before, but never at the address
 * that the address book has now.
 */
export async function markRecipients<Payout extends MatchedPayout>(
  database: Queryable,
  target: BatchTarget,
  payouts: readonly Payout[],
  report: (row: number, issue: PayoutIssue) => void,
): Promise<(Payout & RecipientMark)[]> {
  const recipients = payouts.map(({ recipient }) => recipient);
  const paid = await findPaidRecipients(database, target, recipients);
  const payeeIds = payouts.flatMap(({ payeeId }) => payeeId ?? []);
  const paidAt = await findPaidPayeeAddresses(database, target, payeeIds);
  return payouts.map((payout) => {
    const { row, recipient, payeeId } = payout;
    const before = payeeId === null ? undefined : paidAt.get(payeeId);
    if (before !== undefined && !before.has(recipient)) {
      const [earlier = ''] = before;
      const message = `The address book has this address, ${recipient}, but on ${target.chainName} this payee was paid at ${earlier} before. Ask them by another way than the one the new address came by.`;
      report(row, { field: 'recipient', value: recipient, code: 'PAYEE_ADDRESS_CHANGED', message });
    }
    return { ...payout, isNewRecipient: !paid.has(recipient) };
  });
}

/** What to warn of where a line's reference and its address do not say the same of who is paid; null where they do. */
export function findDoubt(
  payees: FoundPayees,
  { chainName }: BatchTarget,
  { recipient, reference }: PayoutLine,
): PayoutIssue | null {
  const owners = payees.byAddress.get(recipient ?? '') ?? [];
  const named = payeeNamedBy(payees, reference);
  const about = { field: 'recipient', value: recipient } as const;
  if (named !== null && !owners.includes(named.id)) {
    const message = `The reference names ${named.name}, but this address is none of theirs on ${chainName}. The address is what is paid: ask ${named.name} first.`;
    return { ...about, code: 'PAYEE_ADDRESS_DIFFERS', message };
  }
  if (named === null && owners.length > 1) {
    const message = `${owners.length} payees of the address book have this address, and the reference names none of them.`;
    return { ...about, code: 'PAYEE_AMBIGUOUS', message };
  }
  return null;
}
