import { NotFoundError } from '../../core/errors.ts';
import { type ApprovalUpdate, approvalUpdated } from '../../resolvers/watch/approvalUpdated.ts';
import { Approval } from '../approval/approval.ts';
import { builder } from '../builder.ts';
import { readNodeId } from '../nodeId.ts';
import { readMessage } from './readMessage.ts';
import { stillThere } from './subjectOf.ts';
import { UpdateKind } from './updateKind.ts';

export const ApprovalUpdated = builder.objectRef<ApprovalUpdate>('ApprovalUpdated').implement({
  description: 'An approval, because of one entry of the event log.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'EventCursor',
      description:
        'The position of the entry, or of the snapshot: go on from here after a disconnect. All messages of one snapshot have the same.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'When the entry was written, or the snapshot taken.',
    }),
    kind: t.expose('kind', { type: UpdateKind, description: 'Why this message was sent.' }),
    approval: t.field({
      type: Approval,
      description: 'The approval, as it is now: never older than this cursor.',
      resolve: (update, _args, context) =>
        stillThere(context.loaders.approval.load(update.approvalId), 'The approval'),
    }),
  }),
});

builder.subscriptionField('approvalUpdated', (t) =>
  t.field({
    type: ApprovalUpdated,
    description:
      'Each approval of an organization that is PENDING or APPROVED, one message each, then every change of any approval. Needs READ in the organization.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The organization.' }),
      after: t.arg({
        type: 'EventCursor',
        description: 'Replay from this position, without a snapshot.',
      }),
    },
    subscribe: (_root, { organizationId, after }, context) => {
      const uuid = readNodeId('Organization', organizationId);
      if (uuid === null) throw new NotFoundError('The organization');
      return approvalUpdated(context, { organizationId: uuid, after: after ?? null });
    },
    resolve: (message) => readMessage(message),
  }),
);
