import { builder } from '../builder.ts';
import { Chain } from '../chain/chain.ts';
import { Actor, actorOf } from '../organization/actor.ts';
import { AccountEvent } from './accountEvents.ts';
import { Event, type EventOf } from './event.ts';
import { PayoutBatchEvent } from './payoutBatchEvents.ts';
import { stillThere } from './subjectOf.ts';

type PausedType = 'CHAIN_PAUSED' | 'ACCOUNT_PAUSED' | 'PAYOUT_BATCH_PAUSED';
type ResumedType = 'CHAIN_RESUMED' | 'ACCOUNT_RESUMED' | 'PAYOUT_BATCH_RESUMED';

const PauseEvent = builder.interfaceRef<EventOf<PausedType | ResumedType>>('PauseEvent').implement({
  description: 'An entry about payouts that were stopped for now, or let go on.',
  interfaces: [Event],
  fields: (t) => ({
    changedBy: t.field({
      type: Actor,
      description: 'Who did it.',
      resolve: (event, _args, context) => actorOf(event.payload.byUserId, context),
    }),
  }),
});

const PausedEvent = builder.interfaceRef<EventOf<PausedType>>('PausedEvent').implement({
  description: 'An entry about payouts that were stopped for now.',
  interfaces: [Event, PauseEvent],
  fields: (t) => ({
    reason: t.string({ description: 'Why, as they wrote it.', resolve: (event) => event.payload.reason }),
  }),
});

const ChainPauseEvent = builder
  .interfaceRef<EventOf<'CHAIN_PAUSED' | 'CHAIN_RESUMED'>>('ChainPauseEvent')
  .implement({
    description: 'An entry about all of the organization’s payouts on a chain.',
    interfaces: [Event, PauseEvent],
    fields: (t) => ({
      chain: t.field({
        type: Chain,
        description: 'The chain.',
        resolve: (event, _args, context) =>
          stillThere(context.loaders.chain.load(event.subjectId), 'The chain'),
      }),
    }),
  });

builder.objectRef<EventOf<'CHAIN_PAUSED'>>('ChainPaused').implement({
  description: 'The organization’s payouts on a chain were paused.',
  interfaces: [Event, PauseEvent, PausedEvent, ChainPauseEvent],
});

builder.objectRef<EventOf<'CHAIN_RESUMED'>>('ChainResumed').implement({
  description: 'The organization’s payouts on a chain were resumed.',
  interfaces: [Event, PauseEvent, ChainPauseEvent],
});

builder.objectRef<EventOf<'ACCOUNT_PAUSED'>>('AccountPaused').implement({
  description: 'An account’s payouts were paused.',
  interfaces: [Event, PauseEvent, PausedEvent, AccountEvent],
});

builder.objectRef<EventOf<'ACCOUNT_RESUMED'>>('AccountResumed').implement({
  description: 'An account’s payouts were resumed.',
  interfaces: [Event, PauseEvent, AccountEvent],
});

builder.objectRef<EventOf<'PAYOUT_BATCH_PAUSED'>>('PayoutBatchPaused').implement({
  description: 'A payout batch was paused.',
  interfaces: [Event, PauseEvent, PausedEvent, PayoutBatchEvent],
});

builder.objectRef<EventOf<'PAYOUT_BATCH_RESUMED'>>('PayoutBatchResumed').implement({
  description: 'A payout batch was resumed.',
  interfaces: [Event, PauseEvent, PayoutBatchEvent],
});
