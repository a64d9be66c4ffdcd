import { setImmediate } from 'node:timers/promises';
import { type Selectable, sql } from 'kysely';
import type { Hex } from 'viem';
import { decodeCloseIntent } from '../../chains/evm/codec/decodeCloseIntent.ts';
import { decodeOpenIntent } from '../../chains/evm/codec/decodeOpenIntent.ts';
import type { IntentLine } from '../../chains/evm/codec/intent.ts';
import { LimitExceededError, required } from '../../core/errors.ts';
import type { PayoutBatchTable } from '../../prisma/generated/database.ts';
import type { BatchTerms } from '../../transitions/batchTerms.ts';
import { safeTransactionOf } from '../../transitions/requestApproval.ts';
import { loadManifestHeaders, loadPackedChunks } from '../payoutBatch/loadManifests.ts';
import type { RequestContext } from '../requestContext.ts';
import type { ApprovalRow } from './loadApprovals.ts';
import { loadApprovals } from './loadApprovals.ts';

/** What signing will do, for people. UNKNOWN_REQUEST among the warnings: nobody should sign it. */
export type SigningIntent = {
  summary: string;
  lines: readonly IntentLine[];
  warnings: readonly { code: string; message: string }[];
};

/** Rows read and hashed at once, so that a long list of large batches does not fill the memory. */
const MAX_PAYOUTS_DECODED_AT_ONCE = 200_000;
/** Hashing takes about three seconds for 100,000 rows: two of the largest batches for each request. */
export const MAX_PAYOUTS_DECODED_PER_REQUEST = 200_000;
/** A subscription is one request for hours: it has as much again after so long. */
const BUDGET_RENEWED_AFTER_SECONDS = 60;

const decodedOf = new WeakMap<RequestContext, { payouts: number; sinceMs: number }>();

/**
 * What each approval's signature will do, decoded from the bytes to be signed and the manifest's rows, in the order of the
 * ids; null for approvals that the viewer cannot see. Costs hashing every row of the batch, once for each approval; other
 * requests are served in between.
 * @throws UnauthenticatedError; LimitExceededError when the request has MAX_PAYOUTS_DECODED_PER_REQUEST payouts decoded
 */
export async function loadSigningIntents(
  context: RequestContext,
  approvalIds: readonly string[],
): Promise<(SigningIntent | null)[]> {
  const approvals = await loadApprovals(context, [...new Set(approvalIds)]);
  const batches = await loadBatches(
    context,
    approvals.flatMap((approval) => (approval === null ? [] : [approval.batchId])),
  );
  spend(context, approvals, batches);
  const headers = await loadManifestHeaders(context.log.database, batches);
  const headerOf = new Map(batches.map((batch, index) => [batch.id, headers[index]]));
  const intents = new Map<string, SigningIntent>();
  for (const group of groupBySize(batches)) {
    const ids = group.map(({ id }) => id);
    const chunks = await loadPackedChunks(context.log.database, ids);
    const chunksOf = new Map(ids.map((id, index) => [id, chunks[index] ?? []]));
    for (const approval of approvals) {
      const rows = approval === null ? undefined : chunksOf.get(approval.batchId);
      if (approval === null || rows === undefined) continue;
      const header = required(headerOf.get(approval.batchId), 'The manifest');
      await setImmediate();
      intents.set(approval.id, describe(approval, header, rows));
    }
  }
  return approvalIds.map((id) => intents.get(id) ?? null);
}

/** @throws LimitExceededError before anything is read that would be too much */
function spend(
  context: RequestContext,
  approvals: readonly (ApprovalRow | null)[],
  batches: readonly Batch[],
): void {
  const countOf = new Map(batches.map(({ id, payoutCount }) => [id, payoutCount]));
  const asked = approvals
    .map((approval) => (approval?.kind === 'PAYOUT_OPEN' ? (countOf.get(approval.batchId) ?? 0) : 0))
    .reduce((sum, count) => sum + count, 0);
  const nowMs = Date.now();
  const earlier = decodedOf.get(context);
  const isOver = earlier === undefined || nowMs - earlier.sinceMs > BUDGET_RENEWED_AFTER_SECONDS * 1_000;
  const spent = isOver ? { payouts: 0, sinceMs: nowMs } : earlier;
  if (spent.payouts + asked > MAX_PAYOUTS_DECODED_PER_REQUEST) {
    throw new LimitExceededError(
      'MAX_PAYOUTS_DECODED_PER_REQUEST',
      `A request decodes approvals of at most ${MAX_PAYOUTS_DECODED_PER_REQUEST} payouts. Ask for fewer intents at once.`,
    );
  }
  decodedOf.set(context, { ...spent, payouts: spent.payouts + asked });
}

type Batch = Selectable<PayoutBatchTable>;

async function loadBatches(context: RequestContext, ids: readonly string[]): Promise<Batch[]> {
  return context.log.database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
}

function groupBySize(batches: readonly Batch[]): Batch[][] {
  const groups: Batch[][] = [];
  let payouts = Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    payouts += batch.payoutCount;
    if (payouts > MAX_PAYOUTS_DECODED_AT_ONCE) {
      groups.push([]);
      payouts = batch.payoutCount;
    }
    groups.at(-1)?.push(batch);
  }
  return groups;
}

function describe(approval: ApprovalRow, header: BatchTerms, chunks: readonly Uint8Array[]): SigningIntent {
  const transaction = safeTransactionOf(approval);
  const { chainId, factory, implementation, batchId } = header;
  const token = { address: header.token, symbol: header.tokenSymbol, decimals: header.tokenDecimals };
  const subject = {
    chainId,
    safe: header.payer,
    nonce: approval.safeNonce,
    transaction,
    pins: { factory, implementation, token },
  };
  const intent =
    approval.kind === 'PAYOUT_OPEN'
      ? decodeOpenIntent({
          ...subject,
          manifest: { ...header, chunks },
          nowSeconds: Math.floor(Date.now() / 1000),
        })
      : decodeCloseIntent({ ...subject, batchId });
  if (intent.kind === 'UNKNOWN') return unknown(intent.reasons);
  if (intent.digest !== (approval.digest as Hex)) {
    return unknown(['The digest on record is not the one of these bytes.']);
  }
  return { summary: intent.summary, lines: intent.lines, warnings: intent.warnings };
}

function unknown(reasons: readonly string[]): SigningIntent {
  return {
    summary: 'This request is not one that this system makes. Do not sign it.',
    lines: [],
    warnings: reasons.map((message) => ({ code: 'UNKNOWN_REQUEST', message })),
  };
}
