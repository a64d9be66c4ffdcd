import type { Hex } from 'viem';
import { createLoaders } from '../../resolvers/loaders.ts';
import type { Viewer as SignedInViewer } from '../../resolvers/requestContext.ts';
import { SESSION_CREATE_FAULTS, sessionCreate } from '../../resolvers/session/sessionCreate.ts';
import { builder } from '../builder.ts';
import { addUnloggedMutation } from '../mutation.ts';
import { Viewer } from './viewer.ts';

const Input = builder.inputType('SessionCreateInput', {
  description: 'A signed sign-in message.',
  fields: (t) => ({
    message: t.string({
      required: true,
      description: 'The message of `sessionChallengeCreate`, to the letter.',
    }),
    signature: t.field({
      type: 'Hex',
      required: true,
      description: 'The wallet’s signature of it: 65 bytes, by `personal_sign`.',
    }),
  }),
});

addUnloggedMutation<
  typeof Input.$inferInput,
  { token: string | null; expiresAt: Date | null; viewer: SignedInViewer | null }
>('sessionCreate', {
  description:
    'Signs in. A browser gets an HTTP-only cookie; scripts send the token as `Authorization: Bearer …`. A wallet’s first sign-in makes its user. Needs nothing.',
  input: Input,
  errorCodes: SESSION_CREATE_FAULTS,
  payloadFields: (t) => ({
    token: t.exposeString('token', {
      nullable: true,
      description: 'The session’s token, shown this once. Whoever has it is the viewer.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the session ends by itself.',
    }),
    viewer: t.expose('viewer', { type: Viewer, nullable: true, description: 'Who is signed in now.' }),
  }),
  refused: { token: null, expiresAt: null, viewer: null },
  resolve: async (input, context) => {
    const session = await sessionCreate(context, {
      message: input.message,
      signature: input.signature as Hex,
      origin: context.pageOrigin,
    });
    context.sessionCookie.set(session.token, session.expiresAt);
    // What follows, the payload's `viewer` first, is read as the person who has just signed in.
    context.viewer = session.viewer;
    context.loaders = createLoaders(context);
    return session;
  },
});
