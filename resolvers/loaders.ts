import DataLoader from 'dataloader';
import { loadAccounts } from './account/loadAccounts.ts';
import { loadApprovals } from './approval/loadApprovals.ts';
import { listNativeAssets } from './chain/listNativeAssets.ts';
import { loadAssets } from './chain/loadAssets.ts';
import { loadChains } from './chain/loadChains.ts';
import type { Page, PageArguments } from './keyset.ts';
import { loadInvitations } from './organization/loadInvitations.ts';
import { loadOrganizations } from './organization/loadOrganizations.ts';
import { loadReferencedSigners } from './organization/loadReferencedSigners.ts';
import { loadReferencedUsers } from './organization/loadReferencedUsers.ts';
import { loadSigners } from './organization/loadSigners.ts';
import { loadUsers } from './organization/loadUsers.ts';
import { loadPayees } from './payee/loadPayees.ts';
import { loadPayoutBatches } from './payoutBatch/loadPayoutBatches.ts';
import { loadPayouts } from './payoutBatch/loadPayouts.ts';
import type { RequestContext } from './requestContext.ts';
import { loadChainTransactions, loadReferencedTransactions } from './transaction/loadChainTransactions.ts';
import { loadTransfers } from './transfer/loadTransfers.ts';

/** Keys of one batch; a page has at most 100 rows, and lists nest. */
const MAX_KEYS_PER_LOAD = 5_000;

/** Answers for many keys, in their order. */
export type BatchRead<Key, Value> = (context: RequestContext, keys: readonly Key[]) => Promise<Value[]>;

/** One page for each of many parents, in their order. */
export type ListRead<Row, Filter> = (
  context: RequestContext,
  parentIds: readonly string[],
  page: PageArguments,
  filter: Filter,
) => Promise<Page<Row>[]>;

/**
 * Puts reads of one moment together, so that a list costs the same number of statements however long it is. Nothing is
 * remembered between moments: a subscription's context lives for hours, and a mutation's answer must show what it changed.
 */
export function createLoaders(context: RequestContext) {
  const byRead = new Map<unknown, DataLoader<string, unknown>>();

  function batch<Value>(read: BatchRead<string, Value>): DataLoader<string, Value> {
    let loader = byRead.get(read) as DataLoader<string, Value> | undefined;
    if (loader === undefined) {
      loader = new DataLoader<string, Value>((keys) => read(context, keys), {
        cache: false,
        maxBatchSize: MAX_KEYS_PER_LOAD,
      });
      byRead.set(read, loader as DataLoader<string, unknown>);
    }
    return loader;
  }

  const pageReads = new Map<unknown, Map<string, BatchRead<string, unknown>>>();

  return {
    account: batch(loadAccounts),
    approval: batch(loadApprovals),
    asset: batch(loadAssets),
    chain: batch(loadChains),
    chainTransaction: batch(loadChainTransactions),
    invitation: batch(loadInvitations),
    nativeAsset: batch(listNativeAssets),
    organization: batch(loadOrganizations),
    payee: batch(loadPayees),
    payout: batch(loadPayouts),
    payoutBatch: batch(loadPayoutBatches),
    referencedTransaction: batch(loadReferencedTransactions),
    referencedSigner: batch(loadReferencedSigners),
    referencedUser: batch(loadReferencedUsers),
    signer: batch(loadSigners),
    transfer: batch(loadTransfers),
    user: batch(loadUsers),
    /** Any other read by one key, put together with those of its siblings. `read` must be one and the same function. */
    by<Value>(read: BatchRead<string, Value>, key: string): Promise<Value> {
      return batch(read).load(key);
    },
    /** One page of a list, read together with the same page of its siblings' lists. */
    page<Row, Filter>(
      list: ListRead<Row, Filter>,
      parentId: string,
      page: PageArguments,
      filter: Filter,
    ): Promise<Page<Row>> {
      const { first, after, last, before } = page;
      const pageKey = JSON.stringify([first, after, last, before, filter]);
      const reads = pageReads.get(list) ?? new Map<string, BatchRead<string, unknown>>();
      pageReads.set(list, reads);
      const read = (reads.get(pageKey) ??
        ((of: RequestContext, parentIds: readonly string[]) =>
          list(of, parentIds, page, filter))) as BatchRead<string, Page<Row>>;
      reads.set(pageKey, read as BatchRead<string, unknown>);
      return batch(read).load(parentId);
    },
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
