import type { PayoutRange as PayoutRangeRow } from '../../events/eventPayloads.ts';
import { builder } from '../builder.ts';
import { PayoutStatus } from '../payoutBatch/payout.ts';
import { ChainTransaction } from '../transaction/chainTransaction.ts';

export const PayoutRange = builder.objectRef<PayoutRangeRow>('PayoutRange').implement({
  description:
    'Rows that lie side by side in a batch and got one status together. There is at most one entry a batch, block and status, however many rows: read them with `PayoutBatch.payouts(fromIndex:)`.',
  fields: (t) => ({
    firstIndex: t.exposeInt('firstIndex', { description: 'The first row, counted from 0.' }),
    lastIndex: t.exposeInt('lastIndex', { description: 'The last row, itself included.' }),
    status: t.expose('status', { type: PayoutStatus, description: 'The status that they have since then.' }),
    transaction: t.field({
      type: ChainTransaction,
      nullable: true,
      description: 'The transaction that did it; null where none did.',
      resolve: ({ transactionId }, _args, context) =>
        transactionId === null ? null : context.loaders.referencedTransaction.load(transactionId),
    }),
  }),
});
