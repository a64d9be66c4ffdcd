import { required } from '../../core/errors.ts';
import type { ChainTransactionRow } from '../../resolvers/transaction/loadChainTransactions.ts';
import { builder } from '../builder.ts';
import { Chain } from '../chain/chain.ts';
import { Money } from '../chain/money.ts';
import type { SchemaContext } from '../schemaContext.ts';

export const TransactionKind = builder.enumType('TransactionKind', {
  description: 'What a transaction is for.',
  values: {
    OPEN: { description: 'It funds and opens a batch’s vault, by the account’s Safe.' },
    CHUNK: { description: 'It pays one chunk of a batch’s rows.' },
    RETRY: { description: 'It tries rows again that the chain could not deliver.' },
    CLOSE: { description: 'It closes a batch’s vault and returns what is left to the account.' },
    CANCEL: { description: 'It uses up a Safe nonce so that an approved batch cannot open any more.' },
    ACCOUNT: { description: 'It deploys or changes an account.' },
    FOREIGN: { description: 'Somebody else sent it.' },
  } as const,
});

export const TransactionStatus = builder.enumType('TransactionStatus', {
  description: 'How far a transaction has come.',
  values: {
    SIGNED: { description: 'Its signed bytes are committed here; it was not sent yet.' },
    BROADCAST: { description: 'It was sent at least once; the outcome is unknown.' },
    INCLUDED: { description: 'It is in a block that may still be taken back.' },
    CONFIRMED: { description: 'As many blocks are on top of it as this chain asks for.' },
    FINAL: { description: 'No reorganization can take it back.' },
    REVERTED: { description: 'It is in a block, and the chain undid its effects.' },
    REPLACED: { description: 'Another transaction took its nonce.' },
  } as const,
});

export const ChainTransaction = builder.objectRef<ChainTransactionRow>('ChainTransaction');

builder.node(ChainTransaction, {
  description:
    'A transaction on a chain that this system sent or that touched what it watches. Needs READ in an organization that it concerns.',
  id: { resolve: (transaction) => transaction.id },
  loadWithoutCache: (id, context) => context.loaders.chainTransaction.load(id),
  fields: (t) => ({
    chain: t.field({
      type: Chain,
      description: 'The chain it is on.',
      resolve: (transaction, _args, context) => chainOf(transaction, context),
    }),
    kind: t.expose('kind', { type: TransactionKind, description: 'What it is for.' }),
    hash: t.expose('hash', { type: 'Hash', description: 'Its id on the chain.' }),
    status: t.expose('status', { type: TransactionStatus, description: 'How far it has come.' }),
    nonce: t.expose('nonce', {
      type: 'BigInt',
      nullable: true,
      description: 'The sender’s nonce; null where it is not known.',
    }),
    blockNumber: t.expose('blockNumber', {
      type: 'BigInt',
      nullable: true,
      description: 'The block it is in; null while it is in none.',
    }),
    includedAt: t.expose('includedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The timestamp of the block it is in; null while it is in none.',
    }),
    confirmations: t.int({
      description:
        'How many blocks there are from its own to the newest indexed one, both counted; 0 while it is in none.',
      resolve: async (transaction, _args, context) => {
        if (transaction.blockNumber === null) return 0;
        const { headNumber } = await chainOf(transaction, context);
        return headNumber === null ? 0 : Math.max(0, Number(headNumber - transaction.blockNumber) + 1);
      },
    }),
    fee: t.field({
      type: Money,
      nullable: true,
      description: 'What was paid for it, in the chain’s native asset; null while it is in no block.',
      resolve: async ({ chainId, feeUnits }, _args, context) => {
        if (feeUnits === null) return null;
        const asset = required(await context.loaders.nativeAsset.load(chainId), 'The native asset');
        return { assetId: asset.id, units: feeUnits };
      },
    }),
    broadcastCount: t.exposeInt('broadcastCount', {
      nullable: true,
      description:
        'How often it was sent; null when this system did not send it for the viewer’s organization.',
    }),
    replacedBy: t.field({
      type: ChainTransaction,
      nullable: true,
      description: 'The transaction that took its nonce, where this system knows it.',
      resolve: ({ replacedById }, _args, context) =>
        replacedById === null ? null : context.loaders.referencedTransaction.load(replacedById),
    }),
    explorerUrl: t.string({
      nullable: true,
      description: 'A page that shows it; null where no block explorer is configured.',
      resolve: async (transaction, _args, context) => {
        const { explorerUrlTemplate } = await chainOf(transaction, context);
        return explorerUrlTemplate?.replace('{hash}', encodeURIComponent(transaction.hash)) ?? null;
      },
    }),
  }),
});

async function chainOf({ chainId }: ChainTransactionRow, context: SchemaContext) {
  return required(await context.loaders.chain.load(chainId), 'The transaction’s chain');
}

export const ChainTransactionConnection = builder.connectionObject(
  { type: ChainTransaction, name: 'ChainTransactionConnection', description: 'One page of transactions.' },
  { name: 'ChainTransactionEdge', description: 'A transaction with its position in the list.' },
);
