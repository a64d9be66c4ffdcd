import type { UnderWay as Counts } from '../../resolvers/pause/countUnderWay.ts';
import { builder } from '../builder.ts';
import type { PayloadBuilder } from '../mutation.ts';

export const UnderWay = builder.objectRef<Counts>('UnderWay').implement({
  description:
    'What a pause comes too late for: it was signed before, and no block has it yet. It is sent until a block has it, at higher fees where it must be, and may pay.',
  fields: (t) => ({
    payoutCount: t.exposeInt('payoutCount', {
      description: 'How many payouts wait for a block: transactions that pay them are signed.',
    }),
    transactionCount: t.exposeInt('transactionCount', {
      description:
        'How many signed transactions wait for a block: of payouts, and those that open, retry or close batches.',
    }),
  }),
});

/** What a mutation that pauses answers besides what it paused. */
export function underWayField<Payload extends { underWay: Counts }>(t: PayloadBuilder<Payload>) {
  return t.field({
    type: UnderWay,
    description: 'What the pause comes too late for; `Pause.underWay` says what is left of it.',
    resolve: ({ underWay }) => underWay,
  });
}

/** After a refusal. */
export const NOTHING_UNDER_WAY: Counts = { payoutCount: 0, transactionCount: 0 };

export const REASON_DESCRIPTION =
  'Why, for the others: 1 to 1,000 characters, without control characters or ones that reverse the direction of text.';
export const REASON_INVALID =
  'The reason is blank, too long, or holds control characters or ones that reverse the direction of text.';
