import type { ImportPreview as PreviewRow } from '../../payroll/file/rowReader.ts';
import { builder } from '../builder.ts';
import { Money } from '../chain/money.ts';

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
    columns: t.stringList({
      description: 'Every column as the header names it, in the file’s order.',
      resolve: ({ columns }) => [...columns],
    }),
    ignoredColumns: t.stringList({
      description: 'Columns that were not read, because their names stand for nothing in a payout.',
      resolve: ({ ignoredColumns }) => [...ignoredColumns],
    }),
  }),
});
