import { builder } from '../builder.ts';

export type Progress = {
  pending: number;
  submitted: number;
  included: number;
  confirmed: number;
  final: number;
  undelivered: number;
  failed: number;
};

export const PayoutProgress = builder.objectRef<Progress>('PayoutProgress').implement({
  description: 'How many payouts of a batch stand where. The counts always add up to payoutCount.',
  fields: (t) => ({
    pending: t.exposeInt('pending', { description: 'No transaction is to pay them yet.' }),
    submitted: t.exposeInt('submitted', { description: 'Signed and committed; the outcome is unknown.' }),
    included: t.exposeInt('included', { description: 'Paid in a block that may still be taken back.' }),
    confirmed: t.exposeInt('confirmed', {
      description: 'Paid, with as many blocks on top as the chain asks for.',
    }),
    final: t.exposeInt('final', { description: 'Paid for good.' }),
    undelivered: t.exposeInt('undelivered', { description: 'Tried and not delivered; still owed.' }),
    failed: t.exposeInt('failed', { description: 'Never delivered; their money is back in the account.' }),
  }),
});
