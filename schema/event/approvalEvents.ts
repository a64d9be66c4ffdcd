import { Approval, ApprovalStatus } from '../approval/approval.ts';
import { Verdict } from '../approval/approvalDecision.ts';
import { builder } from '../builder.ts';
import { PayoutBatch } from '../payoutBatch/payoutBatch.ts';
import { Event, type EventOf } from './event.ts';
import { stillThere } from './subjectOf.ts';

type AnyApprovalEvent = EventOf<'APPROVAL_REQUESTED' | 'APPROVAL_DECIDED' | 'APPROVAL_STATUS_CHANGED'>;

export const ApprovalEvent = builder.interfaceRef<AnyApprovalEvent>('ApprovalEvent').implement({
  description: 'An entry about an approval.',
  interfaces: [Event],
  fields: (t) => ({
    approval: t.field({
      type: Approval,
      description: 'The approval, as it is now: never older than this entry.',
      resolve: (event, _args, context) =>
        stillThere(context.loaders.approval.load(event.subjectId), 'The approval'),
    }),
    payoutBatch: t.field({
      type: PayoutBatch,
      description: 'The batch that is to be approved, as it is now.',
      resolve: (event, _args, context) =>
        stillThere(context.loaders.payoutBatch.load(event.payload.payoutBatchId), 'The payout batch'),
    }),
  }),
});

builder.objectRef<EventOf<'APPROVAL_REQUESTED'>>('ApprovalRequested').implement({
  description: 'Approvers are asked to sign.',
  interfaces: [Event, ApprovalEvent],
});

builder.objectRef<EventOf<'APPROVAL_DECIDED'>>('ApprovalDecided').implement({
  description: 'An approver has signed or refused.',
  interfaces: [Event, ApprovalEvent],
  fields: (t) => ({
    signerAddress: t.field({
      type: 'Address',
      description: 'The key that decided, an owner of the account.',
      resolve: (event) => event.payload.signerAddress,
    }),
    verdict: t.field({
      type: Verdict,
      description: 'What was decided.',
      resolve: (event) => event.payload.verdict,
    }),
  }),
});

builder.objectRef<EventOf<'APPROVAL_STATUS_CHANGED'>>('ApprovalStatusChanged').implement({
  description: 'An approval has another status.',
  interfaces: [Event, ApprovalEvent],
  fields: (t) => ({
    status: t.field({
      type: ApprovalStatus,
      description: 'The status as of this entry.',
      resolve: (event) => event.payload.status,
    }),
    previousStatus: t.field({
      type: ApprovalStatus,
      description: 'The status that it had before.',
      resolve: (event) => event.payload.previousStatus,
    }),
  }),
});
