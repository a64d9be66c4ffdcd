import {
  SESSION_CHALLENGE_CREATE_FAULTS,
  sessionChallengeCreate,
} from '../../resolvers/session/sessionChallengeCreate.ts';
import { builder } from '../builder.ts';
import { addUnloggedMutation } from '../mutation.ts';

const Input = builder.inputType('SessionChallengeCreateInput', {
  description: 'Who wants to sign in.',
  fields: (t) => ({
    address: t.field({ type: 'Address', required: true, description: 'The wallet’s address.' }),
    chainId: t.int({
      required: true,
      description: 'The EIP-155 id of the chain that the wallet is on; one that this system serves.',
    }),
  }),
});

addUnloggedMutation<typeof Input.$inferInput, { message: string | null; expiresAt: Date | null }>(
  'sessionChallengeCreate',
  {
    description:
      'Makes the message that a wallet signs to sign in (EIP-4361). It is good once, for five minutes, on this site. Needs nothing.',
    input: Input,
    errorCodes: SESSION_CHALLENGE_CREATE_FAULTS,
    payloadFields: (t) => ({
      message: t.exposeString('message', {
        nullable: true,
        description: 'To be signed as it is (`personal_sign`).',
      }),
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        nullable: true,
        description: 'Until when it can be answered.',
      }),
    }),
    refused: { message: null, expiresAt: null },
    resolve: (input, context) =>
      sessionChallengeCreate(context, {
        ...input,
        origin: context.pageOrigin,
        client: context.clientAddress,
      }),
  },
);
