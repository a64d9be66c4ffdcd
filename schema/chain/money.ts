import { required } from '../../core/errors.ts';
import { formatAmount } from '../../core/money.ts';
import type { Loaders } from '../../resolvers/loaders.ts';
import { builder } from '../builder.ts';
import { Asset } from './asset.ts';

/** `units` are integer base units of the asset. */
export type MoneyAmount = { assetId: string; units: bigint };

export const Money = builder.objectRef<MoneyAmount>('Money').implement({
  description: 'An amount of an asset. Both forms are exact.',
  fields: (t) => ({
    asset: t.field({
      type: Asset,
      description: 'Of what.',
      resolve: (money, _args, context) => assetOf(money, context.loaders),
    }),
    units: t.expose('units', {
      type: 'BigInt',
      description: 'In the asset’s smallest unit, as the chain counts.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'In whole units, with exactly the asset’s decimals: "1250.500000".',
      resolve: async (money, _args, context) =>
        formatAmount(money.units, (await assetOf(money, context.loaders)).decimals),
    }),
  }),
});

async function assetOf(money: MoneyAmount, loaders: Loaders) {
  return required(await loaders.asset.load(money.assetId), 'The asset of an amount');
}
