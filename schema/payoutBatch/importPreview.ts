import { required } from '../../core/errors.ts';
import type { ImportPreview as PreviewRow } from '../../resolvers/payoutBatch/importPreview.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { Asset } from '../chain/asset.ts';
import { Money } from '../chain/money.ts';
import { Payee } from '../payee/payee.ts';

const ImportPart = builder.objectRef<PreviewRow['parts'][number]>('ImportPart').implement({
  description: 'What becomes one batch: the payouts of one asset from one account.',
  fields: (t) => ({
    account: t.field({
      type: Account,
      description: 'The account that pays.',
      resolve: async ({ accountId }, _args, context) =>
        required(await context.loaders.account.load(accountId), 'The account'),
    }),
    asset: t.field({
      type: Asset,
      description: 'What is paid.',
      resolve: async ({ assetId }, _args, context) =>
        required(await context.loaders.asset.load(assetId), 'The asset'),
    }),
    payoutCount: t.exposeInt('payoutCount', { description: 'How many payouts it has.' }),
    total: t.field({
      type: Money,
      description: 'Their sum.',
      resolve: ({ assetId, totalUnits }) => ({ assetId, units: totalUnits }),
    }),
  }),
});

const ImportPreviewRow = builder.objectRef<PreviewRow['rows'][number]>('ImportPreviewRow').implement({
  description:
    'A payout as it would be written. A row that is split over a payee’s destinations makes several.',
  fields: (t) => ({
    row: t.exposeInt('row', { description: 'Its row’s number, as a spreadsheet shows it.' }),
    recipient: t.expose('recipient', { type: 'Address', description: 'Who is paid.' }),
    amount: t.field({
      type: Money,
      description: 'How much.',
      resolve: ({ assetId, units }) => ({ assetId, units }),
    }),
    memo: t.exposeString('memo', { nullable: true, description: 'What it is for.' }),
    reference: t.exposeString('reference', { nullable: true, description: 'The row’s reference.' }),
    payee: t.field({
      type: Payee,
      nullable: true,
      description: 'At whose address it is paid; null for nobody’s of the address book.',
      resolve: ({ payeeId }, _args, context) =>
        payeeId === null ? null : context.loaders.payee.load(payeeId),
    }),
    isNewRecipient: t.exposeBoolean('isNewRecipient', {
      description:
        'Whether no earlier batch on this chain paid the recipient, whatever the address book says.',
    }),
  }),
});

export const ImportPreview = builder.objectRef<PreviewRow & { assetId: string }>('ImportPreview').implement({
  description: 'What a file holds. When it is written, exactly this is written.',
  fields: (t) => ({
    rowCount: t.exposeInt('rowCount', {
      description: 'How many rows stand below the header; blank ones do not count.',
    }),
    acceptedCount: t.exposeInt('acceptedCount', { description: 'How many of them are without an error.' }),
    total: t.field({
      type: Money,
      description: 'The sum of the accepted rows.',
      resolve: ({ assetId, totalUnits }) => ({ assetId, units: totalUnits }),
    }),
    newRecipientCount: t.exposeInt('newRecipientCount', {
      description:
        'How many payouts go to addresses that no earlier batch on this chain paid, whatever the address book says.',
    }),
    payeeCount: t.exposeInt('payeeCount', { description: 'How many payees of the address book are paid.' }),
    parts: t.field({
      type: [ImportPart],
      description: 'What the accepted rows make: one part a batch, in the order of `payoutBatches`.',
      resolve: ({ parts }) => [...parts],
    }),
    rows: t.field({
      type: [ImportPreviewRow],
      description: 'The first 20 payouts that the accepted rows make, in the file’s order.',
      resolve: ({ rows }) => [...rows],
    }),
    columns: t.stringList({
      description: 'Every column as the header names it, in the file’s order.',
      resolve: ({ columns }) => [...columns],
    }),
    ignoredColumns: t.stringList({
      description: 'Columns that were not read, because their names stand for nothing in a payout.',
      resolve: ({ ignoredColumns }) => [...ignoredColumns],
    }),
    sheets: t.stringList({
      description: 'The names of a workbook’s sheets that are shown, in their order; empty for CSV.',
      resolve: ({ sheets }) => [...sheets],
    }),
  }),
});
