import type { PayeeWarning as Warning } from '../../resolvers/payee/warnOfLookAlikes.ts';
import { builder } from '../builder.ts';

export const PayeeWarning = builder.objectRef<Warning>('PayeeWarning').implement({
  description:
    'Something about a payee’s destination that is worth a look and kept nothing from being written.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'What it is, for programs: one that `ImportIssueCode` explains.',
    }),
    message: t.exposeString('message', { description: 'What it is, for people.' }),
    path: t.stringList({
      description: 'Which destination, from `input` down, counted from 0.',
      resolve: ({ path }) => [...(path ?? [])],
    }),
  }),
});
