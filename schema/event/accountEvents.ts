import { Account } from '../account/account.ts';
import { SafeFault, SafePart } from '../account/safeInspection.ts';
import { builder } from '../builder.ts';
import { Event, type EventOf } from './event.ts';
import { stillThere } from './subjectOf.ts';

type AccountEventType =
  | 'ACCOUNT_OPENED'
  | 'ACCOUNT_REFUSED'
  | 'ACCOUNT_CHANGED'
  | 'ACCOUNT_PAUSED'
  | 'ACCOUNT_RESUMED';

export const AccountEvent = builder.interfaceRef<EventOf<AccountEventType>>('AccountEvent').implement({
  description: 'An entry about an account.',
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

builder.objectRef<EventOf<'ACCOUNT_OPENED'>>('AccountOpened').implement({
  description: 'An account stands on chain.',
  interfaces: [Event, AccountEvent],
});

builder.objectRef<EventOf<'ACCOUNT_REFUSED'>>('AccountRefused').implement({
  description: 'What was to be adopted cannot be an account here.',
  interfaces: [Event, AccountEvent],
  fields: (t) => ({
    faults: t.field({
      type: [SafeFault],
      description: 'Why not.',
      resolve: (event) => event.payload.faults,
    }),
  }),
});

builder.objectRef<EventOf<'ACCOUNT_CHANGED'>>('AccountChanged').implement({
  description:
    'What an account’s Safe is made of has changed on chain: its owners, its threshold, or what else runs with its rights.',
  interfaces: [Event, AccountEvent],
  fields: (t) => ({
    changed: t.field({
      type: [SafePart],
      description: 'What is otherwise than before.',
      resolve: (event) => event.payload.changed,
    }),
    faults: t.field({
      type: [SafeFault],
      description: 'What keeps the account from paying as of this entry; empty when nothing does.',
      resolve: (event) => event.payload.faults,
    }),
  }),
});
