import { required } from '../../core/errors.ts';
import type { TransferRow } from '../../resolvers/transfer/loadTransfers.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { Money } from '../chain/money.ts';
import { ChainTransaction } from '../transaction/chainTransaction.ts';

export const TransferDirection = builder.enumType('TransferDirection', {
  description: 'Which way money moved, as the account sees it.',
  values: {
    IN: { description: 'Into the account.' },
    OUT: { description: 'Out of the account.' },
  } as const,
});

export const TransferStatus = builder.enumType('TransferStatus', {
  description: 'How certain a transfer is.',
  values: {
    INCLUDED: { description: 'It is in a block that may still be taken back.' },
    CONFIRMED: { description: 'As many blocks are on top of it as this chain asks for.' },
    FINAL: { description: 'No reorganization can take it back.' },
    REORGED: { description: 'The chain took it back.' },
  } as const,
});

export const Transfer = builder.objectRef<TransferRow>('Transfer');

builder.node(Transfer, {
  description:
    'A movement of money in or out of an account, as the chain told it. Needs READ in the account’s organization.',
  id: { resolve: (transfer) => transfer.id },
  loadWithoutCache: (id, context) => context.loaders.transfer.load(id),
  fields: (t) => ({
    account: t.field({
      type: Account,
      description: 'The account whose money moved.',
      resolve: async (transfer, _args, context) =>
        required(await context.loaders.account.load(transfer.accountId), 'The transfer’s account'),
    }),
    direction: t.expose('direction', { type: TransferDirection, description: 'Which way it moved.' }),
    counterparty: t.expose('counterparty', {
      type: 'Address',
      description: 'The address on the other side.',
    }),
    amount: t.field({
      type: Money,
      description: 'How much moved.',
      resolve: ({ assetId, units }) => ({ assetId, units }),
    }),
    status: t.expose('status', { type: TransferStatus, description: 'How certain it is.' }),
    transaction: t.field({
      type: ChainTransaction,
      description: 'The transaction that moved it.',
      resolve: async (transfer, _args, context) =>
        required(
          await context.loaders.referencedTransaction.load(transfer.transactionId),
          'The transfer’s transaction',
        ),
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'The timestamp of the block it is in.',
    }),
  }),
});

export const TransferConnection = builder.connectionObject(
  { type: Transfer, name: 'TransferConnection', description: 'One page of transfers.' },
  { name: 'TransferEdge', description: 'A transfer with its position in the list.' },
);
