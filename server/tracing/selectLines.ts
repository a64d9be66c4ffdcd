import { z } from 'zod';
import type { TracedPayout } from './findPayout.ts';

const LogLine = z.looseObject({
  time: z.string(),
  name: z.string(),
  msg: z.string().default(''),
  batchId: z.string().nullish(),
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
    return (line.batchId ?? line.transactionId ?? line.hash ?? line.requestId) == null ? null : line;
  } catch {
    return null;
  }
}

/**
 * The lines that have to do with one payout, by time: those of its chunk, its rows, its transactions; those about its batch
 * as a whole; and whatever was logged for the requests behind any of them.
 */
export function selectLines(lines: readonly LogLine[], payout: TracedPayout): LogLine[] {
  const direct = lines.filter((line) => isAbout(line, payout));
  const requests = new Set(direct.flatMap(({ requestId }) => requestId ?? []));
  const ofRequests = lines.filter(
    ({ batchId, requestId }) => batchId == null && requestId != null && requests.has(requestId),
  );
  return [...new Set([...direct, ...ofRequests])].sort((one, other) => (one.time < other.time ? -1 : 1));
}

function isAbout({ batchId, chunkIndex, transactionId, hash, rows }: LogLine, payout: TracedPayout): boolean {
  if (transactionId != null) return payout.transactionIds.has(transactionId);
  if (hash != null) return payout.hashes.has(hash);
  if (batchId !== payout.batchId) return false;
  if (chunkIndex != null) return chunkIndex === payout.chunkIndex;
  if (rows == null) return true;
  return rows.some(({ firstRow, lastRow }) => firstRow <= payout.rowIndex && payout.rowIndex <= lastRow);
}
