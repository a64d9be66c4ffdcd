import { sql } from 'kysely';
import { formatAmount } from '../../core/money.ts';
import type { PauseScope, PayoutBatchStatus } from '../../prisma/generated/database.ts';
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
  /** Of the batch whose approval is the next before its own; null where nothing comes first. */
  first: EarlierBatch | null;
  /** It is being cancelled, and no block has opened it. */
  isCancelling: boolean;
  openBy: Date | null;
  symbol: string;
  decimals: number;
  /** What the account lacks for the batch once those before it are paid; null for what waits for no approval. */
  missingUnits: bigint | null;
  /** The first fault of the account's Safe while approvers are asked. */
  faultMessage: string | null;
  /** What is paused that holds it, the widest first. */
  pauses: readonly ActivePause[] | null;
};

/** `openBy` as JSON has it. */
type EarlierBatch = {
  title: string;
  status: PayoutBatchStatus;
  nonce: string;
  openBy: string;
  isApproved: boolean;
  isClose: boolean;
  isPaused: boolean;
};

type ActivePause = { scope: PauseScope; name: string; pausedBy: string; reason: string };

/**
 * Why batches do not move, in the order of the ids; null where nothing holds one. A pause comes first, as it stands now,
 * while it holds something back; then what a cancellation waits for; what the payout engine found; a fault of the account's
 * Safe, or money that the account lacks, while approvers are asked; then an approval of a lower nonce of the same Safe.
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
      own.safe_nonce as nonce, earlier.first,
      batch.status = 'CANCELLING' and batch.opened_at_block is null as is_cancelling, batch.open_by, asset.symbol, asset.decimals,
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
      select json_build_object('title', first_batch.title, 'status', first_batch.status,
        'nonce', first.safe_nonce::text, 'openBy', first_batch.open_by,
        'isApproved', first.status = 'APPROVED', 'isClose', first.kind = 'PAYOUT_CLOSE',
        'isPaused', first_batch.pending_count + first_batch.undelivered_count > 0 and exists (
          select from payout_pause as pause where pause.organization_id = first_batch.organization_id
            and (pause.chain_id = first_batch.chain_id or pause.account_id = first_batch.account_id
              or pause.batch_id = first_batch.id))) as first
      from approval as first
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
    ) as paused on batch.status in ('DRAFT', 'PENDING_APPROVAL')
      or batch.status in ('APPROVED', 'EXECUTING') and batch.pending_count + batch.undelivered_count > 0
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
  if (row.isCancelling) return cancelling(row);
  // The engine knows no batch that comes first; where there is one, it is named.
  if (row.code === 'WAITS_FOR_NONCE' && row.first !== null) return waitsFor(row, row.first);
  if (row.code !== null && row.message !== null) return { code: row.code, message: row.message };
  if (row.faultMessage !== null) return { code: 'ACCOUNT_UNSAFE', message: row.faultMessage };
  if (row.missingUnits !== null && row.missingUnits > 0n) {
    const missing = `${formatAmount(row.missingUnits, row.decimals)} ${row.symbol}`;
    return {
      code: 'NOT_FUNDED',
      message: `The account lacks ${missing} for this batch and those before it.`,
    };
  }
  return row.first === null ? null : waitsFor(row, row.first);
}

/** What the owners have signed holds until its nonce is used or its time is over: nobody here can take it back. */
function cancelling({ nonce, openBy }: BatchState): BlockerReason {
  const until = openBy === null ? 'its time to open is over' : describeTime(openBy);
  const message =
    nonce === null
      ? `Enough owners have signed it at an earlier nonce: it can still be opened until ${until}.`
      : `Enough owners have signed it, so the chain may still open it, and it holds the account’s nonce ${nonce}. ${freeNonce(nonce, until)}`;
  return { code: 'CANCELLATION_OPEN', message };
}

function waitsFor({ nonce }: BatchState, first: EarlierBatch): BlockerReason {
  return {
    code: 'WAITS_FOR_NONCE',
    message: `The account executes in order: nonce ${nonce} waits for “${first.title}”${whatOf(first)}`,
  };
}

/** How what comes first stands, and what would let it go on; ends the sentence. A close is executed under a pause, too. */
function whatOf(first: EarlierBatch): string {
  if (first.status === 'CANCELLING' && !first.isClose) {
    const howTo = freeNonce(first.nonce, describeTime(new Date(first.openBy)));
    return `, which is being cancelled, but signed. ${howTo}`;
  }
  if (first.isPaused && !first.isClose) return ', which is paused. Let that one go on first.';
  if (first.isApproved) return ', which is approved and not executed yet.';
  return '. Decide that one first.';
}

function freeNonce(nonce: bigint | string, until: string): string {
  return `Use nonce ${nonce} with a rejection in the Safe’s own tools, or wait until ${until}.`;
}

/** To the minute: 2026-11-21 17:09 UTC. */
function describeTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const PAUSED_THING: Record<PauseScope, (name: string) => string> = {
  CHAIN: (name) => `All payouts on ${name} are`,
  ACCOUNT: (name) => `All payouts of the account “${name}” are`,
  PAYOUT_BATCH: () => 'This batch is',
};

function describePause({ scope, name, pausedBy, reason }: ActivePause): string {
  return `${PAUSED_THING[scope](name)} paused by ${pausedBy}: “${reason}”.`;
}
