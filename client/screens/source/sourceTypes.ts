import type { SourceChoicesQuery } from '../../generated/operationTypes.ts';

export type SourceChain = SourceChoicesQuery['chains'][number];
export type SourceAccount = NonNullable<
  SourceChoicesQuery['organization']
>['accounts']['edges'][number]['node'];
export type SourceAsset = SourceChain['assets']['edges'][number]['node'];

/** What pays; null is what is not chosen yet. */
export type Source = { readonly accountId: string | null; readonly assetId: string | null };
