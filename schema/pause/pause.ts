import { required } from '../../core/errors.ts';
import { loadChainPauses } from '../../resolvers/pause/loadChainPauses.ts';
import { loadPauses, type PauseRow } from '../../resolvers/pause/loadPauses.ts';
import { loadUnderWay } from '../../resolvers/pause/loadUnderWay.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { Chain } from '../chain/chain.ts';
import { Actor, actorOf } from '../organization/actor.ts';
import { Organization } from '../organization/organization.ts';
import { PayoutBatch } from '../payoutBatch/payoutBatch.ts';
import { NOTHING_UNDER_WAY, UnderWay } from './underWay.ts';

export const PauseScope = builder.enumType('PauseScope', {
  description: 'How much a pause stops.',
  values: {
    CHAIN: { description: 'All of the organization’s payouts on a chain.' },
    ACCOUNT: { description: 'All payouts of an account.' },
    PAYOUT_BATCH: { description: 'The payouts of one batch.' },
  } as const,
});

export const Pause = builder.objectRef<PauseRow>('Pause').implement({
  description:
    'Payouts that were stopped for now: nothing new is signed for them. What was signed before is still sent, and may pay; deadlines run on; and a batch that is open on chain can be executed by anybody who has its manifest.',
  fields: (t) => ({
    scope: t.expose('scope', { type: PauseScope, description: 'How much it stops.' }),
    reason: t.exposeString('reason', { description: 'Why, as whoever paused wrote it.' }),
    pausedBy: t.field({
      type: Actor,
      description: 'Who paused.',
      resolve: ({ pausedByUserId }, _args, context) => actorOf(pausedByUserId, context),
    }),
    pausedAt: t.expose('pausedAt', { type: 'DateTime', description: 'When.' }),
    underWay: t.field({
      type: UnderWay,
      description: 'What was signed before and is still on its way: it may pay.',
      // A pause that somebody ends meanwhile came too late for nothing.
      resolve: async ({ id }, _args, context) =>
        (await context.loaders.by(loadUnderWay, id)) ?? NOTHING_UNDER_WAY,
    }),
    chain: t.field({
      type: Chain,
      nullable: true,
      description: 'The chain, of a pause of that scope; null for others.',
      resolve: async ({ chainId }, _args, context) =>
        chainId === null ? null : required(await context.loaders.chain.load(chainId), 'The chain'),
    }),
    account: t.field({
      type: Account,
      nullable: true,
      description: 'The account, of a pause of that scope; null for others.',
      resolve: ({ accountId }, _args, context) =>
        accountId === null ? null : context.loaders.account.load(accountId),
    }),
    payoutBatch: t.field({
      type: PayoutBatch,
      nullable: true,
      description: 'The batch, of a pause of that scope; null for others.',
      resolve: ({ batchId }, _args, context) =>
        batchId === null ? null : context.loaders.payoutBatch.load(batchId),
    }),
  }),
});

builder.objectField(Account, 'pause', (t) =>
  t.field({
    type: Pause,
    nullable: true,
    description:
      'The account’s own pause; null while it has none. Its chain may be paused besides: see `Organization.chainPauses`.',
    resolve: ({ id }, _args, context) => context.loaders.by(loadPauses, id),
  }),
);

builder.objectField(PayoutBatch, 'pause', (t) =>
  t.field({
    type: Pause,
    nullable: true,
    description:
      'The batch’s own pause; null while it has none, and once it has ended. Its account or chain may be paused besides: `blocker` says PAUSED while any of them holds something back, which is as long as something of the batch is not signed. What is being cancelled is not sent anyway.',
    resolve: ({ id }, _args, context) => context.loaders.by(loadPauses, id),
  }),
);

builder.objectField(Organization, 'chainPauses', (t) =>
  t.field({
    type: [Pause],
    description:
      'The chains on which the organization’s payouts are paused, earliest first; at most one pause a chain.',
    resolve: ({ id }, _args, context) => context.loaders.by(loadChainPauses, id),
  }),
);
