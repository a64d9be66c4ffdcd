import { approvalReject } from '../../resolvers/approval/approvalReject.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Approval } from './approval.ts';

const Input = builder.inputType('ApprovalRejectInput', {
  description: 'A refusal of an approval.',
  fields: (t) => ({
    approvalId: t.id({ required: true, description: 'The approval.' }),
    signerId: t.id({ required: true, description: 'The viewer’s signer that refuses.' }),
    reason: t.string({ description: 'Why, for the others.' }),
  }),
});

type Payload = { approvalId: string | null };

addMutation<typeof Input.$inferInput, Payload>('approvalReject', {
  description:
    'Records the viewer’s refusal. When so many have refused that the threshold is out of reach, the approval and its batch are REJECTED. Rejecting again with the same signer changes nothing. Needs APPROVAL_DECIDE, and a key that is an owner of the account on chain.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The approval was not found.',
    SIGNER_NOT_FOUND: 'The signer is not one of the viewer’s.',
    SIGNER_NOT_OWNER: 'The signer is not an owner of the account on chain.',
    ALREADY_GRANTED: 'The viewer has signed the approval with this signer.',
    THRESHOLD_REACHED: 'Enough owners have signed: cancel the batch instead.',
    APPROVAL_NOT_OPEN: 'The approval takes no more verdicts.',
    REASON_TOO_LONG: 'The reason is too long.',
  },
  payloadFields: (t) => ({
    approval: changedObject(t, 'approval', Approval, 'The approval as it is now'),
  }),
  refused: { approvalId: null },
  resolve: ({ approvalId, signerId, reason }, context) =>
    approvalReject(context, {
      approvalId: uuidInInput('Approval', approvalId),
      signerId: uuidInInput('Signer', signerId),
      reason: reason ?? null,
    }),
});
