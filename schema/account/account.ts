import { required } from '../../core/errors.ts';
import { listApprovers } from '../../resolvers/account/listApprovers.ts';
import { type BalanceRow, listBalances } from '../../resolvers/account/listBalances.ts';
import type { AccountRow } from '../../resolvers/account/loadAccounts.ts';
import { loadInspections } from '../../resolvers/account/loadInspections.ts';
import { listAccountBatches } from '../../resolvers/payoutBatch/listPayoutBatches.ts';
import { listTransfers } from '../../resolvers/transfer/listTransfers.ts';
import { builder } from '../builder.ts';
import { Chain } from '../chain/chain.ts';
import { Money } from '../chain/money.ts';
import { connectionOf } from '../connection.ts';
import { readNodeId } from '../nodeId.ts';
import { Organization } from '../organization/organization.ts';
import { Signer } from '../organization/signer.ts';
import { PayoutBatch, PayoutBatchConnection, PayoutBatchStatus } from '../payoutBatch/payoutBatch.ts';
import { Transfer, TransferConnection, TransferDirection } from '../transfer/transfer.ts';
import { SafeInspection } from './safeInspection.ts';

export const AccountStatus = builder.enumType('AccountStatus', {
  description: 'Where an account stands.',
  values: {
    OPENING: {
      description:
        'It is being deployed, or an existing Safe is being read before it is adopted. It cannot pay anything yet.',
    },
    ACTIVE: { description: 'It stands on chain.' },
    CLOSED: { description: 'It is no longer used here. On chain it still belongs to its owners.' },
    REFUSED: {
      description:
        'What was to be adopted cannot be an account: `safe.faults` says why. Nothing is paid from it or watched.',
    },
  } as const,
});

export const Custody = builder.enumType('Custody', {
  description: 'Who holds an account’s money.',
  values: {
    SAFE: { description: 'Its approvers own the account on chain, as a Safe.' },
    THRESHOLD_KEY: { description: 'A FROST group key whose nodes check the approvals themselves.' },
  } as const,
});

export const Account = builder.objectRef<AccountRow>('Account');

builder.node(Account, {
  description:
    'An account of an organization on one chain. Its approvers alone can move its money; this system cannot. Needs READ in its organization.',
  id: { resolve: (account) => account.id },
  loadWithoutCache: (id, context) => context.loaders.account.load(id),
  fields: (t) => ({
    organization: t.field({
      type: Organization,
      description: 'Whose account it is.',
      resolve: async (account, _args, context) =>
        required(await context.loaders.organization.load(account.organizationId), 'The organization'),
    }),
    name: t.exposeString('name', { description: 'What the organization calls it.' }),
    chain: t.field({
      type: Chain,
      description: 'The chain it is on.',
      resolve: async (account, _args, context) =>
        required(await context.loaders.chain.load(account.chainId), 'The account’s chain'),
    }),
    status: t.expose('status', { type: AccountStatus, description: 'Where it stands.' }),
    address: t.field({
      type: 'Address',
      nullable: true,
      description:
        'Its address; null until it stands on chain, so that nobody pays into it too early. Of one that is being adopted it is the address that was given.',
      resolve: (account) =>
        account.status === 'OPENING' && account.saltNonce !== null ? null : account.address,
    }),
    custody: t.expose('custody', { type: Custody, description: 'Who holds its money.' }),
    threshold: t.exposeInt('threshold', {
      description:
        'How many approvers must sign, as the chain says; 0 while one that is adopted was not read.',
    }),
    safe: t.field({
      type: SafeInspection,
      nullable: true,
      description:
        'What its Safe is made of, read from its storage; null before it stands on chain or was read.',
      resolve: (account, _args, context) => context.loaders.by(loadInspections, account.id),
    }),
    approvers: t.field({
      type: [Signer],
      description:
        'The account’s owners on chain that are keys of members of the organization, in the chain’s order, at most 50. `safe.owners` lists all.',
      resolve: (account, _args, context) => context.loaders.by(listApprovers, account.id),
    }),
  }),
});

/** What it holds, pays and gets. */
builder.objectFields(Account, (t) => ({
  balances: t.connection(
    {
      type: Balance,
      description:
        'What the account holds, one entry an asset, in the order in which assets were added. An asset it never held has none.',
      resolve: async (account, args, context) =>
        connectionOf(await context.loaders.page(listBalances, account.id, args, null)),
    },
    BalanceConnection,
  ),
  payoutBatches: t.connection(
    {
      type: PayoutBatch,
      description: 'The payout batches that the account pays, newest first.',
      args: {
        status: t.arg({
          type: [PayoutBatchStatus],
          description: 'Only batches with one of these statuses.',
        }),
      },
      resolve: async (account, { status, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listAccountBatches, account.id, page, { statuses: status ?? null }),
        ),
    },
    PayoutBatchConnection,
  ),
  transfers: t.connection(
    {
      type: Transfer,
      description:
        'What the chain moved in and out, newest first. A batch is one transfer of its account, to the batch’s vault.',
      args: {
        direction: t.arg({ type: TransferDirection, description: 'Only transfers in this direction.' }),
      },
      resolve: async (account, { direction, ...page }, context) =>
        connectionOf(
          await context.loaders.page(listTransfers, account.id, page, { direction: direction ?? null }),
        ),
    },
    TransferConnection,
  ),
}));

export const AccountConnection = builder.connectionObject(
  { type: Account, name: 'AccountConnection', description: 'One page of accounts.' },
  { name: 'AccountEdge', description: 'An account with its position in the list.' },
);

export const Balance = builder.objectRef<BalanceRow>('Balance').implement({
  description:
    'What an account holds of one asset. available = total − reserved by batches that are approved or wait for approval.',
  fields: (t) => ({
    total: t.field({
      type: Money,
      description: 'All that the account holds, as the chain said at `asOfBlock`.',
      resolve: ({ assetId, totalUnits }) => ({ assetId, units: totalUnits }),
    }),
    reserved: t.field({
      type: Money,
      description: 'Promised to batches that wait for approval, are approved, or are being cancelled.',
      resolve: ({ assetId, reservedUnits }) => ({ assetId, units: reservedUnits }),
    }),
    available: t.field({
      type: Money,
      description: 'Total less reserved; below zero when more is promised than the account holds.',
      resolve: ({ assetId, availableUnits }) => ({ assetId, units: availableUnits }),
    }),
    asOfBlock: t.expose('asOfBlock', {
      type: 'BigInt',
      description: 'The block at which the chain was asked for the total.',
    }),
  }),
});

export const BalanceConnection = builder.connectionObject(
  { type: Balance, name: 'BalanceConnection', description: 'One page of balances.' },
  { name: 'BalanceEdge', description: 'A balance with its position in the list.' },
);

builder.queryField('account', (t) =>
  t.field({
    type: Account,
    nullable: true,
    description:
      'An account by its id; null when it does not exist or the viewer is no member of its organization. Needs READ in its organization.',
    args: { id: t.arg.id({ required: true, description: 'The id of the account.' }) },
    resolve: (_root, { id }, context) => {
      const uuid = readNodeId('Account', id);
      return uuid === null ? null : context.loaders.account.load(uuid);
    },
  }),
);
