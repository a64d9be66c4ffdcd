import type { PayoutWarningRow } from '../../resolvers/payoutBatch/loadPayoutWarnings.ts';
import { builder } from '../builder.ts';
import { ImportIssueCode } from './importIssue.ts';
import { Payout } from './payout.ts';

export const PayoutBatchWarning = builder.objectRef<PayoutWarningRow>('PayoutBatchWarning').implement({
  description: 'Something about a payout that was worth a look when its batch was made.',
  fields: (t) => ({
    index: t.exposeInt('rowIndex', { description: 'The payout’s row in the batch, counted from 0.' }),
    code: t.expose('code', { type: ImportIssueCode, description: 'What it is, for programs.' }),
    message: t.exposeString('message', {
      description: 'What it is, for people. Rows that it names are those of the file.',
    }),
    payout: t.field({
      type: Payout,
      description: 'The payout.',
      resolve: ({ payout }) => payout,
    }),
  }),
});
