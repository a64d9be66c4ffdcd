import { z } from 'zod';
import type { TracedPayout } from './findPayout.ts';

const LogLine = z.looseObject({
  time: z.string(),
  name: z.string(),
  msg: z.string().default(''),
  batchId: z.string().nullish(),
  event: z.string().nullish(),
  organizationId: z.string().nullish(),
  accountId: z.string().nullish(),
  chain: z.string().nullish(),
  chunkIndex: z.number().nullish(),
  transactionId: z.string().nullish(),
  hash: z.string().nullish(),
  requestId: z.string().nullish(),
  rows: z.array(z.looseObject({ firstRow: z.number(), lastRow: z.number() })).nullish(),
});
/** A line of a process's log, as far as it is needed here. */
export type LogLine = z.infer<typeof LogLine>;

/** Null for what is no line of ours, as a warning of Node's, and for what names nothing that could be a payout's. */
export function readLine(text: string): LogLine | null {
  try {
    const line = LogLine.parse(JSON.parse(text));
    const isNamed = (line.batchId ?? line.transactionId ?? line.hash ?? line.requestId) != null;
    return isNamed || isWidePause(line) ? line : null;
  } catch {
    return null;
  }
}

/**
 * The lines that have to do with one payout, by time: those of its chunk, its rows, its transactions; those about its batch
 * as a whole; pauses of its account and, by its organization, of its chain; and whatever was logged for the requests behind
 * any of them.
 */
export function selectLines(lines: readonly LogLine[], payout: TracedPayout): LogLine[] {
  const direct = lines.filter((line) => isAbout(line, payout));
  const requests = new Set(direct.flatMap(({ requestId }) => requestId ?? []));
  const ofRequests = lines.filter(
    ({ batchId, requestId }) => batchId == null && requestId != null && requests.has(requestId),
  );
  return [...new Set([...direct, ...ofRequests])].sort((one, other) => (one.time < other.time ? -1 : 1));
}

/** Of an account or a chain: it holds batches that it does not name. */
function isWidePause({ event }: LogLine): boolean {
  return event != null && /^(CHAIN|ACCOUNT)_(PAUSED|RESUMED)$/.test(event);
}

function isAbout(line: LogLine, payout: TracedPayout): boolean {
  const { batchId, chunkIndex, transactionId, hash, rows } = line;
  if (isWidePause(line)) {
    const isOfChain = line.chain === payout.chain && line.organizationId === payout.organizationId;
    return isOfChain || line.accountId === payout.accountId;
  }
  if (transactionId != null) return payout.transactionIds.has(transactionId);
  if (hash != null) return payout.hashes.has(hash);
  if (batchId !== payout.batchId) return false;
  if (chunkIndex != null) return chunkIndex === payout.chunkIndex;
  if (rows == null) return true;
  return rows.some(({ firstRow, lastRow }) => firstRow <= payout.rowIndex && payout.rowIndex <= lastRow);
}
