import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNodeId } from '../../core/ids.ts';
import { type LogLine, readLine } from '../../server/tracing/selectLines.ts';
import type { Paid } from '../payouts/ours.ts';

/** What a chunk, or what is told of it, waits for; in milliseconds, one figure a chunk (the last: one a message). */
export type Stages = {
  /** Once a batch: from the last approval's commit to the commit of what the open's block did. */
  readonly opened: number[];
  /** From there, or from the approval for what is sent with the open, to the commit of the chunk's signed bytes. */
  readonly signed: number[];
  /** From there to when a node has them. */
  readonly sent: number[];
  /** From there to when its block is heard of: the chain's part. */
  readonly mined: number[];
  /** From there to when the indexer has committed what the block did. */
  readonly indexed: number[];
  /** From the commit that makes payouts final to when a subscriber has the message. */
  readonly told: number[];
};

type Chunk = { firstRow: number; signedAt: number; sentAt: number; block: number; indexedAt: number };

/**
 * Puts a batch's stages together from the log lines that every process writes, this process's clock of blocks, and the
 * subscriber's.
 * @param heardAt milliseconds of the Unix epoch at which a block was heard of
 */
export function readStages(
  logDirectory: string,
  { batchId, told }: Paid,
  heardAt: (block: bigint) => number | null,
): Stages {
  const { uuid } = decodeNodeId(batchId);
  const lines = readdirSync(logDirectory)
    .flatMap((name) => readFileSync(join(logDirectory, name), 'utf8').split('\n'))
    .flatMap((text) => readLine(text) ?? [])
    .filter((line) => line.batchId === uuid);
  const approved = lines.find(
    ({ event, status }) => event === 'APPROVAL_STATUS_CHANGED' && status === 'APPROVED',
  );
  const approvedAt = timeOf(approved);
  const opened = lines.find(
    ({ event, status }) => event === 'PAYOUT_BATCH_STATUS_CHANGED' && status === 'EXECUTING',
  );
  const openedAt = timeOf(opened);
  const stages: Stages = {
    opened: [openedAt - approvedAt],
    signed: [],
    sent: [],
    mined: [],
    indexed: [],
    told: [],
  };
  for (const chunk of chunksOf(lines)) {
    const heard = heardAt(BigInt(chunk.block));
    if (heard === null) continue;
    stages.signed.push(chunk.signedAt - (chunk.signedAt < openedAt ? approvedAt : openedAt));
    stages.sent.push(chunk.sentAt - chunk.signedAt);
    stages.mined.push(heard - chunk.sentAt);
    stages.indexed.push(chunk.indexedAt - heard);
  }
  const committed = finalCommits(lines);
  for (const { final, at } of told) {
    const commit = committed.get(final);
    if (commit !== undefined) stages.told.push(at - commit);
  }
  return stages;
}

function chunksOf(lines: readonly LogLine[]): Chunk[] {
  const signed = rowTimes(lines, 'SUBMITTED');
  const included = rowTimes(lines, 'INCLUDED');
  const blockOf = new Map(
    lines
      .filter(({ kind, status }) => kind === 'CHUNK' && status === 'INCLUDED')
      .map(({ transactionId, block }) => [transactionId, Number(block)]),
  );
  const sent = lines.filter(
    ({ name, kind, broadcastCount }) => name === 'worker' && kind === 'CHUNK' && broadcastCount === 1,
  );
  return sent.flatMap((line) => {
    const [own, done] = [signed.get(line.transactionId ?? ''), included.get(line.transactionId ?? '')];
    const block = blockOf.get(line.transactionId);
    if (own === undefined || done === undefined || block === undefined) return [];
    return [{ firstRow: own.firstRow, signedAt: own.at, sentAt: timeOf(line), block, indexedAt: done.at }];
  });
}

/** By transaction: when its rows got this status. */
function rowTimes(lines: readonly LogLine[], status: string): Map<string, { firstRow: number; at: number }> {
  return new Map(
    lines.flatMap((line) =>
      (line.rows ?? [])
        .filter((range) => range.status === status)
        .map(
          (range) => [String(range.transactionId), { firstRow: range.firstRow, at: timeOf(line) }] as const,
        ),
    ),
  );
}

/** When so many payouts were final, in the database. */
function finalCommits(lines: readonly LogLine[]): Map<number, number> {
  const commits = new Map<number, number>();
  let final = 0;
  for (const line of lines.filter(({ event }) => event === 'PAYOUTS_CHANGED')) {
    const more = (line.rows ?? [])
      .filter(({ status }) => status === 'FINAL')
      .reduce((sum, { firstRow, lastRow }) => sum + lastRow - firstRow + 1, 0);
    if (more === 0) continue;
    final += more;
    commits.set(final, timeOf(line));
  }
  return commits;
}

function timeOf(line: LogLine | undefined): number {
  return line === undefined ? Number.NaN : Date.parse(line.time);
}
