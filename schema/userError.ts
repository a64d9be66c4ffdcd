import type { UserFault } from '../core/errors.ts';
import { builder } from './builder.ts';

export const UserError = builder.interfaceRef<UserFault>('UserError').implement({
  description:
    'A fault of the request that its sender can mend. They come in payloads; top-level errors are for authentication, rights, limits and bugs.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'What is wrong, for programs. Each mutation’s codes are listed in its own error type.',
    }),
    message: t.exposeString('message', { description: 'What is wrong and how to mend it, for people.' }),
    path: t.stringList({
      nullable: true,
      description:
        'Where in the arguments, from `input` down, list positions counted from 0; null when it is about the request as a whole.',
      resolve: (fault) => (fault.path === null ? null : [...fault.path]),
    }),
  }),
});
