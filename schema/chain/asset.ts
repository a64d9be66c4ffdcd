import { required } from '../../core/errors.ts';
import type { AssetRow } from '../../resolvers/chain/loadAssets.ts';
import { builder } from '../builder.ts';
import { Chain } from './chain.ts';

export const Asset = builder.objectRef<AssetRow>('Asset');

builder.node(Asset, {
  description:
    'A currency on one chain: its native one, or a token contract. Everybody who is signed in may read it.',
  id: { resolve: (asset) => asset.id },
  loadWithoutCache: (id, context) => context.loaders.asset.load(id),
  fields: (t) => ({
    caip19: t.exposeString('caip19', { description: 'The asset’s id as CAIP-19 writes it.' }),
    chain: t.field({
      type: Chain,
      description: 'The chain it is on.',
      resolve: async (asset, _args, context) =>
        required(await context.loaders.chain.load(asset.chainId), 'The asset’s chain'),
    }),
    symbol: t.exposeString('symbol', { description: 'Its short name, as in "USDC".' }),
    decimals: t.exposeInt('decimals', {
      description: 'How many decimals an amount has; read from the chain, never typed in.',
    }),
    address: t.expose('address', {
      type: 'Address',
      nullable: true,
      description: 'The token contract; null for the chain’s native asset.',
    }),
  }),
});

export const AssetConnection = builder.connectionObject(
  { type: Asset, name: 'AssetConnection', description: 'One page of assets.' },
  { name: 'AssetEdge', description: 'An asset with its position in the list.' },
);
