import type { PayoutVolumeRow } from '../../resolvers/organization/loadPayoutVolumes.ts';
import { builder } from '../builder.ts';
import { Money } from '../chain/money.ts';

export const PayoutVolume = builder.objectRef<PayoutVolumeRow>('PayoutVolume').implement({
  description: 'What an organization paid of one asset on one day, as far as it is final.',
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'The day, in UTC, of the blocks that paid.' }),
    total: t.field({
      type: Money,
      description: 'All that was delivered.',
      resolve: ({ assetId, totalUnits }) => ({ assetId, units: totalUnits }),
    }),
    payoutCount: t.exposeInt('payoutCount', { description: 'How many payouts were delivered.' }),
  }),
});
