import { sessionDelete } from '../../resolvers/session/sessionDelete.ts';
import { builder } from '../builder.ts';
import { addUnloggedMutation } from '../mutation.ts';

const Input = builder.inputType('SessionDeleteInput', {
  description: 'What to sign out of.',
  fields: (t) => ({
    everywhere: t.boolean({
      defaultValue: false,
      description: 'True: every session of the viewer ends, not just this one.',
    }),
  }),
});

addUnloggedMutation<typeof Input.$inferInput, { signedOut: boolean }>('sessionDelete', {
  description: 'Signs out: the session ends at once, and its open streams with it. Needs a session.',
  input: Input,
  errorCodes: {},
  payloadFields: (t) => ({
    signedOut: t.exposeBoolean('signedOut', { description: 'Whether the session has ended.' }),
  }),
  refused: { signedOut: false },
  resolve: async (input, context) => {
    await sessionDelete(context, { everywhere: input.everywhere ?? false });
    context.sessionCookie.clear();
    return { signedOut: true };
  },
});
