import { sql } from 'kysely';
import { formatAmount } from '../../core/money.ts';
import type { PauseScope } from '../../prisma/generated/database.ts';
import { LIVE_APPROVAL_STATUSES } from '../../transitions/approvalStatus.ts';
import { RESERVING_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** Why a batch does not move: `code` for programs, `message` for people. */
export type BlockerReason = { code: string; message: string };

type BatchState = {
  id: string;
  code: string | null;
  message: string | null;
  nonce: bigint | null;
  firstTitle: string | null;
  symbol: string;
  decimals: number;
  /** What the account lacks for the batch once those before it are paid; null for what waits for no approval. */
  missingUnits: bigint | null;
  /** The first fault of the account's Safe while approvers are asked. */
  faultMessage: string | null;
  /** What is paused that holds it, the widest first. */
  pauses: readonly ActivePause[] | null;
};

type ActivePause = { scope: PauseScope; name: string; pausedBy: string; reason: string };

/**
 * Why batches do not move, in the order of the ids; null where nothing holds one. A pause comes first, as it stands now; then
 * what the payout engine found; without it, a fault of the account's Safe while approvers are asked; money that the account lacks while approvers are asked; then an approval that a lower Safe nonce of the same
 * account must precede.
 * @throws UnauthenticatedError
 */
export async function loadBlockers(
  context: RequestContext,
  batchIds: readonly string[],
): Promise<(BlockerReason | null)[]> {
  const live = sql.join(LIVE_APPROVAL_STATUSES.map((status) => sql`${status}`));
  const reserving = sql.join(RESERVING_BATCH_STATUSES.map((status) => sql`${status}`));
  const { rows } = await sql<BatchState>`
    select batch.id, batch.blocker_code as code, batch.blocker_message as message,
      own.safe_nonce as nonce, earlier.title as first_title, asset.symbol, asset.decimals,
      case when batch.status = 'PENDING_APPROVAL'
        then batch.total_units + promised.units - coalesce(balance.units, 0) end as missing_units,
      case when batch.status = 'PENDING_APPROVAL'
        then inspection.faults -> 0 ->> 'message' end as fault_message,
      paused.pauses
    from payout_batch as batch
    join asset on asset.id = batch.asset_id
    left join account_balance as balance
      on balance.account_id = batch.account_id and balance.asset_id = batch.asset_id
    left join account_inspection as inspection on inspection.account_id = batch.account_id
    left join lateral (
      select safe_nonce from approval
      where approval.batch_id = batch.id and approval.status in (${live}) order by safe_nonce limit 1
    ) as own on true
    left join lateral (
      select first_batch.title from approval as first
      join payout_batch as first_batch on first_batch.id = first.batch_id
      where first.account_id = batch.account_id and first.status in (${live})
        and first.safe_nonce < own.safe_nonce
      order by first.safe_nonce desc limit 1
    ) as earlier on true
    left join lateral (
      select json_agg(json_build_object(
        'scope', pause.scope, 'name', coalesce(chain.name, account.name, batch.title),
        'pausedBy', app_user.display_name, 'reason', pause.reason) order by pause.scope) as pauses
      from payout_pause as pause
      join app_user on app_user.id = pause.paused_by_user_id
      left join chain on chain.id = pause.chain_id
      left join account on account.id = pause.account_id
      where pause.organization_id = batch.organization_id
        and (pause.chain_id = batch.chain_id or pause.account_id = batch.account_id or pause.batch_id = batch.id)
    ) as paused on batch.status in ('PENDING_APPROVAL', 'APPROVED')
      or batch.status = 'EXECUTING' and batch.pending_count + batch.undelivered_count > 0
    cross join lateral (
      select coalesce(sum(before.total_units), 0) as units from payout_batch as before
      where before.account_id = batch.account_id and before.asset_id = batch.asset_id
        and before.id <> batch.id and before.status in (${reserving})
        and exists (
          select from approval
          where approval.batch_id = before.id and approval.status in (${live})
            and approval.safe_nonce < own.safe_nonce)
    ) as promised
    where batch.id = any(${[...new Set(batchIds)]}::uuid[])
      and ${viewerIsMember(context, sql.ref('batch.organizationId'))}`.execute(context.log.database);
  const reasons = new Map(rows.map((row) => [row.id, reasonOf(row)]));
  return batchIds.map((id) => reasons.get(id) ?? null);
}

function reasonOf(row: BatchState): BlockerReason | null {
  if (row.pauses !== null) return { code: 'PAUSED', message: row.pauses.map(describePause).join(' ') };
  // The engine knows no batch that comes first; where there is one, it is named.
  if (row.code === 'WAITS_FOR_NONCE' && row.firstTitle !== null) return waitsFor(row, row.firstTitle);
  if (row.code !== null && row.message !== null) return { code: row.code, message: row.message };
  if (row.faultMessage !== null) return { code: 'ACCOUNT_UNSAFE', message: row.faultMessage };
  if (row.missingUnits !== null && row.missingUnits > 0n) {
    const missing = `${formatAmount(row.missingUnits, row.decimals)} ${row.symbol}`;
    return {
      code: 'NOT_FUNDED',
      message: `The account lacks ${missing} for this batch and those before it.`,
    };
  }
  return row.firstTitle === null ? null : waitsFor(row, row.firstTitle);
}

function waitsFor({ nonce }: BatchState, firstTitle: string): BlockerReason {
  return {
    code: 'WAITS_FOR_NONCE',
    message: `The account executes in order: nonce ${nonce} waits for “${firstTitle}”. Decide that one first.`,
  };
}

const PAUSED_THING: Record<PauseScope, (name: string) => string> = {
  CHAIN: (name) => `All payouts on ${name} are`,
  ACCOUNT: (name) => `All payouts of the account “${name}” are`,
  PAYOUT_BATCH: () => 'This batch is',
};

function describePause({ scope, name, pausedBy, reason }: ActivePause): string {
  return `${PAUSED_THING[scope](name)} paused by ${pausedBy}: “${reason}”`;
}
