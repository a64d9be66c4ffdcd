import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { Event, type EventOf } from './event.ts';
import { stillThere } from './subjectOf.ts';

builder.objectRef<EventOf<'ACCOUNT_OPENED'>>('AccountOpened').implement({
  description: 'An account stands on chain.',
  interfaces: [Event],
  fields: (t) => ({
    account: t.field({
      type: Account,
      description: 'The account, as it is now.',
      resolve: (event, _args, context) =>
        stillThere(context.loaders.account.load(event.subjectId), 'The account'),
    }),
  }),
});
