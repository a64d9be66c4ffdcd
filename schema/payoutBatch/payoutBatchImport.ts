import { required } from '../../core/errors.ts';
import type { ImportIssue as ImportIssueRow } from '../../payroll/file/fileIssue.ts';
import type { ImportPreview as PreviewRow } from '../../resolvers/payoutBatch/importPreview.ts';
import {
  PAYOUT_BATCH_IMPORT_FAULTS,
  payoutBatchImport,
} from '../../resolvers/payoutBatch/payoutBatchImport.ts';
import { builder } from '../builder.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { ImportIssue } from './importIssue.ts';
import { ImportPreview } from './importPreview.ts';
import { PayoutBatch } from './payoutBatch.ts';

const SplitAccountInput = builder.inputType('SplitAccountInput', {
  description: 'From where destinations of payees are paid that are of another asset than the import’s.',
  fields: (t) => ({
    accountId: t.id({
      required: true,
      description: 'The account that pays: an active one of the same organization, on the asset’s chain.',
    }),
    assetId: t.id({ required: true, description: 'The token that it pays; each is named once.' }),
  }),
});

const Input = builder.inputType('PayoutBatchImportInput', {
  description: 'A file of payouts, and what to pay them with.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The account that pays. It is active.' }),
    assetId: t.id({
      required: true,
      description: 'The token it pays with, of the account’s chain; not native currency.',
    }),
    title: t.string({
      required: true,
      description: 'What to call the batch: 1 to 200 characters in one line.',
    }),
    file: t.field({
      type: 'File',
      required: false,
      description:
        'XLSX, or CSV in UTF-8 or UTF-16, of at most 32 MiB and 100,000 rows. Its header names, in any order and in English or Chinese, a recipient and an amount, and if wanted a memo and a reference. Either it or `uploadId` is given.',
    }),
    uploadId: t.id({
      required: false,
      description:
        'A file that the viewer has uploaded to /uploads (tus 1.0), by the header Upload-Id of the answer that began it.',
    }),
    sheet: t.string({
      required: false,
      description: 'Which sheet of a workbook to read, by its name; the first that is shown by default.',
    }),
    splitAccounts: t.field({
      type: [SplitAccountInput],
      required: false,
      description:
        'For rows that name a payee without an address, at most 20: what of the payee’s destinations is of another asset becomes a further batch, paid from the account that is named here for the asset.',
    }),
    dryRun: t.boolean({
      required: false,
      defaultValue: false,
      description: 'Read, check and add up; write nothing and take no notice of the key.',
    }),
    idempotencyKey: t.string({
      required: true,
      description:
        'Of the sender’s choice, 1 to 200 characters. The same request with the same key makes its batches once, however often it is sent; another request with it is refused.',
    }),
  }),
});

type Payload = {
  payoutBatchIds: readonly string[];
  preview: (PreviewRow & { assetId: string }) | null;
  issues: readonly ImportIssueRow[];
  issueCount: number;
  errorCount: number;
  replayed: boolean;
};

addMutation<typeof Input.$inferInput, Payload>('payoutBatchImport', {
  description:
    'Makes a draft batch of a file, and further ones where payees are paid in other assets: all of it or nothing. While any row is at fault nothing is written, and every fault is told with its row, column and value. Needs BATCH_CREATE.',
  input: Input,
  errorCodes: { ...PAYOUT_BATCH_IMPORT_FAULTS, NOT_FOUND: 'The account was not found.' },
  eventCursor: 'The last entry that the import wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payoutBatch: t.field({
      type: PayoutBatch,
      nullable: true,
      description:
        'The first of `payoutBatches`, as it is now; null when any row is at fault, when the request was refused, and for a dry run.',
      resolve: ({ payoutBatchIds: [first] }, _args, context) =>
        first === undefined ? null : context.loaders.payoutBatch.load(first),
    }),
    payoutBatches: t.field({
      type: [PayoutBatch],
      description:
        'All batches that the file made, as they are now: of the import’s own account and asset first, then in the order of the split accounts. Empty where `payoutBatch` is null.',
      resolve: async ({ payoutBatchIds }, _args, context) =>
        Promise.all(
          payoutBatchIds.map(async (id) => required(await context.loaders.payoutBatch.load(id), 'The batch')),
        ),
    }),
    preview: t.expose('preview', {
      type: ImportPreview,
      nullable: true,
      description: 'What the file holds; null when it cannot be read to its end.',
    }),
    issues: t.field({
      type: [ImportIssue],
      description:
        'What is wrong in the file, by row: the first 1,000. Where there are more, errors come before warnings, and possible fraud before other warnings.',
      resolve: ({ issues }) => [...issues],
    }),
    issueCount: t.exposeInt('issueCount', { description: 'How many issues there are, listed or not.' }),
    errorCount: t.exposeInt('errorCount', { description: 'How many of them are errors.' }),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made the batch.',
    }),
  }),
  refused: {
    payoutBatchIds: [],
    preview: null,
    issues: [],
    issueCount: 0,
    errorCount: 0,
    replayed: false,
  },
  resolve: async (input, context) => {
    const assetId = uuidInInput('Asset', input.assetId);
    const done = await payoutBatchImport(context, {
      accountId: uuidInInput('Account', input.accountId),
      assetId,
      title: input.title,
      splitAccounts: (input.splitAccounts ?? []).map((split) => ({
        accountId: uuidInInput('Account', split.accountId),
        assetId: uuidInInput('Asset', split.assetId),
      })),
      // The HTTP server's own File cannot be read in pieces; a Blob can.
      file: input.file ? new Blob([await input.file.arrayBuffer()]) : null,
      uploadId: input.uploadId ? uuidInInput('Upload', input.uploadId) : null,
      sheet: input.sheet ?? null,
      dryRun: input.dryRun ?? false,
      idempotencyKey: input.idempotencyKey,
    });
    return { ...done, preview: done.preview === null ? null : { ...done.preview, assetId } };
  },
});
