import type { Address } from 'viem';
import { required } from '../../core/errors.ts';
import type { PayoutLine } from '../../payroll/checks/payoutChecker.ts';
import type { PayoutIssue } from '../../payroll/checks/payoutIssue.ts';
import type { Queryable } from '../../prisma/database.ts';
import { type FoundPayee, type FoundPayees, findPayees } from '../payee/findPayees.ts';
import { textKey } from '../payee/textKey.ts';
import type { BatchTarget } from './batchTarget.ts';
import { findPaidRecipients } from './findPaidRecipients.ts';

/** What an organization knows of those whom lines pay, when they are written. */
export type KnownRecipients = { readonly payees: FoundPayees; readonly paid: ReadonlySet<string> };

/** What a payout's recipient is to the organization. */
export type RecipientMark = {
  /** The payee at whose address it is paid; null for nobody's, and where several share the address. */
  readonly payeeId: string | null;
  /** Neither a payee's address nor paid before. */
  readonly isNewRecipient: boolean;
};

/** Looks up everybody whom lines name or pay. */
export async function findKnownRecipients(
  database: Queryable,
  target: BatchTarget,
  lines: readonly PayoutLine[],
): Promise<KnownRecipients> {
  const references = lines.flatMap(({ reference }) => reference ?? []);
  const addresses = lines.flatMap(({ recipient }) => recipient ?? []);
  const payees = await findPayees(database, target, { references, addresses });
  const others = addresses.filter((address) => !payees.byAddress.has(address));
  return { payees, paid: await findPaidRecipients(database, target, others) };
}

/** The payee whom a line's reference names, whatever its address; null for none. */
export function payeeNamedBy({ payees }: KnownRecipients, reference: string | null): FoundPayee | null {
  return reference === null ? null : (payees.byReference.get(textKey(reference)) ?? null);
}

/** Of several payees with one address it is the one whom the reference names. */
export function markRecipient(
  known: KnownRecipients,
  recipient: Address,
  reference: string | null,
): RecipientMark {
  const owners = known.payees.byAddress.get(recipient) ?? [];
  const named = payeeNamedBy(known, reference);
  const isNewRecipient = owners.length === 0 && !known.paid.has(recipient);
  if (named !== null && owners.includes(named.id)) return { payeeId: named.id, isNewRecipient };
  return { payeeId: owners.length === 1 ? required(owners[0], 'The owner') : null, isNewRecipient };
}

/** What to warn of where a line's reference and its address do not say the same of who is paid; null where they do. */
export function findDoubt(
  known: KnownRecipients,
  { chainName }: BatchTarget,
  { recipient, reference }: PayoutLine,
): PayoutIssue | null {
  const owners = known.payees.byAddress.get(recipient ?? '') ?? [];
  const named = payeeNamedBy(known, reference);
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
