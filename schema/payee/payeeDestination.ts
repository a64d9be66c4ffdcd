import { required } from '../../core/errors.ts';
import { type Destination, shareText } from '../../resolvers/payee/payeeFields.ts';
import { builder } from '../builder.ts';
import { Asset } from '../chain/asset.ts';
import { Chain } from '../chain/chain.ts';

export const PayeeDestination = builder.objectRef<Destination>('PayeeDestination').implement({
  description: 'One address at which a payee is paid, and the part of each line that goes there.',
  fields: (t) => ({
    chain: t.field({
      type: Chain,
      description: 'The chain on which it is paid.',
      resolve: async ({ chainId }, _args, context) =>
        required(await context.loaders.chain.load(chainId), 'The destination’s chain'),
    }),
    asset: t.field({
      type: Asset,
      description: 'What is paid there: a token of that chain.',
      resolve: async ({ assetId }, _args, context) =>
        required(await context.loaders.asset.load(assetId), 'The destination’s asset'),
    }),
    address: t.expose('address', { type: 'Address', description: 'Where it is paid.' }),
    share: t.field({
      type: 'Decimal',
      description:
        'More than 0 and at most 1, with at most 6 decimals. A payee’s shares add up to exactly 1.',
      resolve: ({ shareMillionths }) => shareText(shareMillionths),
    }),
  }),
});

export const PayeeDestinationInput = builder.inputType('PayeeDestinationInput', {
  description: 'One address at which a payee is paid.',
  fields: (t) => ({
    assetId: t.id({ required: true, description: 'The token that is paid there; not native currency.' }),
    address: t.string({
      required: true,
      description: 'The address, in the form of the asset’s chain. What is wrong with it is a user error.',
    }),
    share: t.string({
      required: true,
      description:
        'The part of each line that goes there: a decimal number of more than 0 and at most 1, with at most 6 decimals.',
    }),
  }),
});
