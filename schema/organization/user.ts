import { listUserSigners } from '../../resolvers/organization/listUserSigners.ts';
import type { UserRow } from '../../resolvers/organization/loadUsers.ts';
import { builder } from '../builder.ts';
import { Signer } from './signer.ts';

export const User = builder.objectRef<UserRow>('User');

builder.node(User, {
  description:
    'A person. Visible to themself and to members of the organizations they are a member of, which may have named them without asking: they see what the person is called, and the keys by which the organization knows them.',
  id: { resolve: (user) => user.id },
  loadWithoutCache: (id, context) => context.loaders.user.load(id),
  fields: (t) => ({
    displayName: t.exposeString('displayName', { description: 'What the person is called.' }),
    email: t.string({
      nullable: true,
      description: 'Where the person can be reached; null for everybody but the person.',
      resolve: (user, _args, context) => (context.viewer?.userId === user.id ? user.email : null),
    }),
    signers: t.field({
      type: [Signer],
      description:
        'The keys that the person approves and signs in with, oldest first, at most 100. Of somebody else: those by which an organization that both are members of knows them, as it named them when they joined or as they own an account of it.',
      resolve: (user, _args, context) => context.loaders.by(listUserSigners, user.id),
    }),
  }),
});
