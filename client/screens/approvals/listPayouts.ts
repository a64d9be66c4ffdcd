import type { Client } from 'urql';
import type { ApprovalDetailQuery, ApprovalListedPayoutFragment } from '../../generated/operationTypes.ts';
import { ApprovalListedPayoutsDocument } from '../../generated/screens/approvals/approvals.ts';
import type { ListedPayout } from '../../signing/servedRequest.ts';

type Batch = NonNullable<ApprovalDetailQuery['approval']>['subject'];

const PAGE_SIZE = 100;
const MAX_PAGES_AT_ONCE = 4;
/** Of a larger batch the first page, new recipients and warnings are compared: a hundred requests would only say more of the same. */
const MAX_PAYOUTS_LISTED = 1_000;

/**
 * Payouts as the server lists them on other screens, to be compared with what would be signed: all of them, or of a large
 * batch those that this screen speaks of.
 * @throws Error when they cannot be loaded
 */
export async function listPayouts(client: Client, batch: Batch): Promise<readonly ListedPayout[]> {
  const first = batch.firstPayouts.edges.map(({ node }) => listed(node));
  if (batch.payoutCount <= first.length) return first;
  if (batch.payoutCount > MAX_PAYOUTS_LISTED) {
    const newOnes = batch.newPayouts.edges.map(({ node }) => listed(node));
    return [...first, ...newOnes, ...batch.warnings.map(({ payout }) => listed(payout))];
  }
  const starts: number[] = [];
  for (let start = first.length; start < batch.payoutCount; start += PAGE_SIZE) starts.push(start);
  const pages: ListedPayout[][] = [];
  for (let at = 0; at < starts.length; at += MAX_PAGES_AT_ONCE) {
    const wanted = starts.slice(at, at + MAX_PAGES_AT_ONCE);
    pages.push(...(await Promise.all(wanted.map((fromIndex) => listPage(client, batch.id, fromIndex)))));
  }
  return [first, ...pages].flat();
}

async function listPage(client: Client, id: string, fromIndex: number): Promise<ListedPayout[]> {
  const { data, error } = await client
    .query(
      ApprovalListedPayoutsDocument,
      { id, fromIndex, first: PAGE_SIZE },
      { requestPolicy: 'network-only', lastKnown: false },
    )
    .toPromise();
  if (error !== undefined) throw error;
  return (data?.payoutBatch?.payouts.edges ?? []).map(({ node }) => listed(node));
}

function listed({ index, recipient, amount }: ApprovalListedPayoutFragment): ListedPayout {
  return { index, recipient, units: amount.units };
}
