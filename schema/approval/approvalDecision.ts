import type { DecisionRow } from '../../resolvers/approval/listDecisions.ts';
import { builder } from '../builder.ts';
import { Signer } from '../organization/signer.ts';
import { User } from '../organization/user.ts';

export const Verdict = builder.enumType('Verdict', {
  description: 'What was decided.',
  values: {
    GRANTED: { description: 'Signed. A signature cannot be taken back.' },
    REJECTED: { description: 'Refused.' },
  } as const,
});

export const ApprovalDecision = builder.objectRef<DecisionRow>('ApprovalDecision').implement({
  description: 'What one key decided on an approval.',
  fields: (t) => ({
    signer: t.field({
      type: Signer,
      nullable: true,
      description: 'The key; null where it is not known here.',
      resolve: ({ signerId }, _args, context) =>
        signerId === null ? null : context.loaders.referencedSigner.load(signerId),
    }),
    signerAddress: t.expose('signerAddress', {
      type: 'Address',
      description: 'The key’s address, known here or not.',
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The person; null when it was signed in another Safe tool.',
      resolve: ({ userId }, _args, context) =>
        userId === null ? null : context.loaders.referencedUser.load(userId),
    }),
    verdict: t.expose('verdict', { type: Verdict, description: 'What was decided.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, where it was said.' }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', description: 'When it became known here.' }),
  }),
});
