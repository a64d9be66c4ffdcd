import type { ReceiptBatch } from '../Receipt.tsx';

/**
 * Only what is paid for good makes a receipt: before that it is a statement, however much is on its way. ENDED: nothing of
 * it is going to be paid any more.
 */
export type PaperKind = 'RECEIPT' | 'STATEMENT' | 'STATEMENT_ENDED';

export function paperKindOf({
  progress,
  completedAt,
}: Pick<ReceiptBatch, 'progress' | 'completedAt'>): PaperKind {
  if (progress.final > 0) return 'RECEIPT';
  return completedAt === null ? 'STATEMENT' : 'STATEMENT_ENDED';
}
