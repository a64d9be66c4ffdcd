import { required } from '../../core/errors.ts';
import { listAssets } from '../../resolvers/chain/listAssets.ts';
import { listChains } from '../../resolvers/chain/listChains.ts';
import type { ChainRow } from '../../resolvers/chain/loadChains.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { Asset, AssetConnection } from './asset.ts';

export const ChainFamily = builder.enumType('ChainFamily', {
  description: 'How a chain works, and so what its addresses and hashes look like.',
  values: {
    EVM: { description: 'Ethereum and the chains that run its virtual machine.' },
    SOLANA: { description: 'Solana.' },
  } as const,
});

export const Chain = builder.objectRef<ChainRow>('Chain');

builder.node(Chain, {
  description: 'A blockchain that this system indexes and pays on. Everybody who is signed in may read it.',
  id: { resolve: (chain) => chain.id },
  loadWithoutCache: (id, context) => context.loaders.chain.load(id),
  fields: (t) => ({
    caip2: t.exposeString('caip2', {
      description: 'The chain’s id as CAIP-2 writes it, as in "eip155:8453".',
    }),
    name: t.exposeString('name', { description: 'The chain’s name for people.' }),
    family: t.expose('family', { type: ChainFamily, description: 'How the chain works.' }),
    nativeAsset: t.field({
      type: Asset,
      description: 'The asset that fees are paid in.',
      resolve: async (chain, _args, context) =>
        required(await context.loaders.nativeAsset.load(chain.id), 'The chain’s native asset'),
    }),
    assets: t.connection(
      {
        type: Asset,
        description: 'Assets that accounts on this chain can hold, in the order in which they were added.',
        resolve: async (chain, args, context) =>
          connectionOf(await context.loaders.page(listAssets, chain.id, args, null)),
      },
      AssetConnection,
    ),
    head: t.expose('headNumber', {
      type: 'BigInt',
      nullable: true,
      description: 'The newest block, as this system has indexed it; null before the first.',
    }),
    finalHead: t.expose('finalNumber', {
      type: 'BigInt',
      nullable: true,
      description: 'The newest block that no reorganization can take back; null before the first.',
    }),
    lag: t.int({
      nullable: true,
      description: 'How many blocks the index is behind the node; null while either is unknown.',
      resolve: ({ nodeHeadNumber, headNumber }) =>
        nodeHeadNumber === null || headNumber === null
          ? null
          : Math.max(0, Number(nodeHeadNumber - headNumber)),
    }),
  }),
});

builder.queryField('chains', (t) =>
  t.field({
    type: [Chain],
    description:
      'Every chain that this system serves, in the order in which they were added. Needs a session.',
    resolve: (_root, _args, context) => listChains(context),
  }),
);
