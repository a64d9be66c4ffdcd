import { describe, expect, it } from 'vitest';
import { APPROVAL_TRANSITIONS } from './approvalStatus.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from './chainTransactionStatus.ts';
import { INVITATION_TRANSITIONS } from './invitationStatus.ts';
import { PAYOUT_BATCH_TRANSITIONS } from './payoutBatchStatus.ts';
import { PAYOUT_CHUNK_TRANSITIONS } from './payoutChunkStatus.ts';
import { sourcesOf } from './transitionTable.ts';

describe('transition tables', () => {
  it('names where a status may be reached from', () => {
    expect(sourcesOf(PAYOUT_BATCH_TRANSITIONS, 'PENDING_APPROVAL')).toEqual([
      'DRAFT',
      'APPROVED',
      'EXECUTING',
    ]);
    expect(sourcesOf(PAYOUT_BATCH_TRANSITIONS, 'DRAFT')).toEqual([]);
  });

  it.each([
    ['batch', PAYOUT_BATCH_TRANSITIONS, ['COMPLETED', 'PARTIALLY_FAILED', 'FAILED']],
    ['chunk', PAYOUT_CHUNK_TRANSITIONS, ['FINAL']],
    ['transaction', CHAIN_TRANSACTION_TRANSITIONS, ['FINAL']],
    ['approval', APPROVAL_TRANSITIONS, ['EXPIRED']],
    ['invitation', INVITATION_TRANSITIONS, ['ACCEPTED', 'REVOKED']],
  ])('lets nothing follow what is final: %s', (_name, table, ends) => {
    const dead = Object.entries(table)
      .filter(([, next]) => (next as readonly string[]).length === 0)
      .map(([status]) => status);
    expect(dead.sort()).toEqual([...ends].sort());
  });

  it('never fails a batch that is not open, nor cancels one that is', () => {
    expect(sourcesOf(PAYOUT_BATCH_TRANSITIONS, 'FAILED')).toEqual(['EXECUTING']);
    expect(sourcesOf(PAYOUT_BATCH_TRANSITIONS, 'CANCELLED')).not.toContain('EXECUTING');
  });
});
