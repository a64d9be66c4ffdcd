import { sql } from 'kysely';
import type { PayoutIssueCode } from '../../payroll/checks/payoutIssue.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import { type PayoutRow, payoutColumns, payoutStatus } from './readPayoutStatus.ts';

export type PayoutWarningRow = {
  rowIndex: number;
  code: PayoutIssueCode;
  message: string;
  payout: PayoutRow;
};

type Row = PayoutRow & { warningCode: PayoutIssueCode; warningMessage: string };

/** The warnings that are kept with batches, each batch's in its order; none of strangers' batches. @throws UnauthenticatedError */
export async function loadPayoutWarnings(
  context: RequestContext,
  batchIds: readonly string[],
): Promise<PayoutWarningRow[][]> {
  const { rows } = await sql<Row>`
    select ${payoutStatus.columns}
    from (
      select ${payoutColumns}, warning.position, warning.code as warning_code, warning.message as warning_message
      from payout_warning as warning
      join payout_batch as batch on batch.id = warning.batch_id
      join payout on payout.batch_id = warning.batch_id and payout.row_index = warning.row_index
      where warning.batch_id = any(${[...new Set(batchIds)]}::uuid[])
        and ${viewerIsMember(context, sql.ref('warning.organizationId'))}
    ) as item ${payoutStatus.joins}
    order by item.batch_id, item.position`.execute(context.log.database);
  const byBatch = Map.groupBy(rows, ({ batchId }) => batchId);
  return batchIds.map((id) =>
    (byBatch.get(id) ?? []).map(({ warningCode: code, warningMessage: message, ...payout }) => ({
      rowIndex: payout.rowIndex,
      code,
      message,
      payout,
    })),
  );
}
