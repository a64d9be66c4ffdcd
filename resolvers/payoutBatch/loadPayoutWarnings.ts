import { sql } from 'kysely';
import { BadUserInputError, LimitExceededError, required } from '../../core/errors.ts';
import { MAX_WARNINGS_PER_BATCH } from '../../core/limits.ts';
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

type Row = PayoutRow & { key: string; warningCode: PayoutIssueCode; warningMessage: string };

export const DEFAULT_WARNINGS = 100;

type WarningsKey = { batchId: string; first: number };

/** The loader's key for a batch's first warnings. @throws BadUserInputError, LimitExceededError */
export function payoutWarningsKey({ batchId, first }: WarningsKey): string {
  const message = `A batch has 0 to ${MAX_WARNINGS_PER_BATCH} warnings to list.`;
  if (first < 0) throw new BadUserInputError(message);
  if (first > MAX_WARNINGS_PER_BATCH) throw new LimitExceededError('MAX_WARNINGS_PER_BATCH', message);
  return `${batchId}:${first}`;
}

/**
 * The first warnings that are kept with batches, each batch's in its order; none of strangers' batches.
 * @param keys of `payoutWarningsKey`
 * @returns lists in the order of `keys`
 * @throws UnauthenticatedError
 */
export async function loadPayoutWarnings(
  context: RequestContext,
  keys: readonly string[],
): Promise<PayoutWarningRow[][]> {
  const asked = keys.map((key) => {
    const [batchId, first] = key.split(':');
    return { batchId: required(batchId, 'The batch'), first: Number(first) };
  });
  const { rows } = await sql<Row>`
    select ${payoutStatus.columns}
    from (
      select ${payoutColumns}, asked.key, warning.position, warning.code as warning_code,
        warning.message as warning_message
      from unnest(${[...keys]}::text[], ${asked.map(({ batchId }) => batchId)}::uuid[],
        ${asked.map(({ first }) => first)}::int[]) as asked (key, batch_id, first)
      join payout_warning as warning on warning.batch_id = asked.batch_id and warning.position < asked.first
      join payout_batch as batch on batch.id = warning.batch_id
      join payout on payout.batch_id = warning.batch_id and payout.row_index = warning.row_index
      where ${viewerIsMember(context, sql.ref('warning.organizationId'))}
    ) as item ${payoutStatus.joins}
    order by item.key, item.position`.execute(context.log.database);
  const byKey = Map.groupBy(rows, ({ key }) => key);
  return keys.map((asKey) =>
    (byKey.get(asKey) ?? []).map(({ key: _, warningCode: code, warningMessage: message, ...payout }) => ({
      rowIndex: payout.rowIndex,
      code,
      message,
      payout,
    })),
  );
}
