import { type Address, getAddress, type Hash } from 'viem';
import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import { readApprovedHashes } from '../../chains/evm/client/readApprovedHashes.ts';
import { readSafe } from '../../chains/evm/client/readSafe.ts';
import { readSafeContents, type SafeLists } from '../../chains/evm/client/readSafeContents.ts';
import { readSafeStorage } from '../../chains/evm/client/readSafeStorage.ts';
import { readTokenBalance } from '../../chains/evm/client/readTokenBalance.ts';
import {
  areListsWhole,
  findSafeFaults,
  isKnownSafe,
  type SafeContents,
  type SafeStorage,
  safeVersionOf,
} from '../../chains/evm/codec/findSafeFaults.ts';
import { isUnproven } from '../../core/safeFaults.ts';
import type { AccountFact, BalanceFact, BalanceKey, InspectionFact } from '../blockFacts.ts';
import { orUnknown } from './orUnknown.ts';
import type { TrackedAccount, TrackedAsset } from './trackedRows.ts';

const MAX_OWNERS = 1_000;
const MAX_NONCE = 1n << 63n;

export type StatesWanted = {
  readonly accounts: readonly TrackedAccount[];
  readonly balances: readonly { readonly account: TrackedAccount; readonly asset: TrackedAsset }[];
};

export type StatesRead = {
  readonly accounts: readonly AccountFact[];
  readonly inspections: readonly InspectionFact[];
  readonly balances: readonly BalanceFact[];
  /**
   * What the node would not say: its state is gone, the contract answers no longer as it should, or what its storage
   * holds is not proven. These last are among the accounts and inspections all the same.
   */
  readonly unknownAccountIds: readonly string[];
  readonly unknownBalances: readonly BalanceKey[];
};

/** `state` UNKNOWN: what stands there does not answer as a Safe; null: nothing stands there. */
type AccountRead = {
  readonly state: AccountFact | 'UNKNOWN' | null;
  readonly inspection: InspectionFact;
};

/**
 * Owners, thresholds, nonces, storage and balances at one block. Accounts that do not stand yet are among neither the
 * accounts nor the unknown. What one contract answers must not stop the others: an owner may turn his own Safe into anything.
 * @param blockHash null: the block is too old to be asked about, nothing is read
 * @throws viem's errors when the node does not answer at all
 */
export async function readStates(
  client: EvmClient,
  blockHash: Hash | null,
  wanted: StatesWanted,
): Promise<StatesRead> {
  const [accounts, balances] = await Promise.all([
    Promise.all(
      wanted.accounts.map((account) =>
        blockHash === null ? 'UNKNOWN' : orUnknown(readAccount(client, blockHash, account)),
      ),
    ),
    Promise.all(
      wanted.balances.map(({ account, asset }) =>
        blockHash === null
          ? 'UNKNOWN'
          : orUnknown(readTokenBalance(client, asset.address, account.address, blockHash)),
      ),
    ),
  ]);
  const keys = wanted.balances.map(({ account, asset }) => ({
    organizationId: account.organizationId,
    accountId: account.id,
    assetId: asset.id,
  }));
  const known = accounts.filter((account) => account !== 'UNKNOWN');
  return {
    accounts: known.flatMap(({ state }) => (state === 'UNKNOWN' || state === null ? [] : [state])),
    inspections: known.map(({ inspection }) => inspection),
    unknownAccountIds: wanted.accounts.flatMap(({ id }, index) => {
      const account = accounts[index];
      if (account === undefined) return [];
      const isRead =
        account !== 'UNKNOWN' && account.state !== 'UNKNOWN' && !account.inspection.faults.some(isUnproven);
      return isRead ? [] : [id];
    }),
    balances: keys.flatMap((key, index) => {
      const units = balances[index];
      return typeof units === 'bigint' ? [{ ...key, units }] : [];
    }),
    unknownBalances: keys.filter((_, index) => balances[index] === 'UNKNOWN'),
  };
}

async function readAccount(
  client: EvmClient,
  blockHash: Hash,
  account: TrackedAccount,
): Promise<AccountRead> {
  const [storage, state] = await Promise.all([
    readSafeStorage(client, account.address, blockHash),
    orUnknown(readState(client, blockHash, account)),
  ]);
  // Answers of unknown code are not believed: the owners it names are not shown.
  const isSafe = isKnownSafe(storage) && state !== 'UNKNOWN' && state !== null;
  const owners = isSafe ? state.owners.map((owner) => getAddress(owner)) : [];
  const contents = areListsWhole(storage, owners)
    ? await readContents(client, blockHash, account, { owners, modules: storage.modules })
    : null;
  return { state, inspection: inspect(account, storage, owners, contents) };
}

async function readState(
  client: EvmClient,
  blockHash: Hash,
  account: TrackedAccount,
): Promise<AccountRead['state']> {
  const state = await readSafe(client, account.address, blockHash);
  if (state === null) return null;
  const { owners, threshold, nonce } = state;
  const possible =
    threshold >= 1 && threshold <= owners.length && owners.length <= MAX_OWNERS && nonce < MAX_NONCE;
  return possible ? { accountId: account.id, owners, threshold, safeNonce: nonce } : 'UNKNOWN';
}

async function readContents(
  client: EvmClient,
  blockHash: Hash,
  { address }: TrackedAccount,
  lists: SafeLists,
): Promise<SafeContents> {
  const contents = await orUnknown(readSafeContents(client, address, blockHash, lists));
  if (contents === 'UNKNOWN') return 'UNPROVEN';
  if (contents !== 'MORE') return contents;
  const approvedSlots = await orUnknown(readApprovedHashes(client, address, blockHash));
  // Without them there is more than is known, whether they were few, none, or not told.
  if (approvedSlots === 'UNKNOWN' || approvedSlots.length === 0) return 'MORE';
  const again = await orUnknown(readSafeContents(client, address, blockHash, { ...lists, approvedSlots }));
  return again === 'LISTED' ? 'LISTED' : 'MORE';
}

function inspect(
  { id, address }: TrackedAccount,
  storage: SafeStorage,
  owners: readonly Address[],
  contents: SafeContents | null,
): InspectionFact {
  const { singleton, modules, guard, fallbackHandler } = storage;
  return {
    accountId: id,
    singleton,
    version: safeVersionOf(storage),
    owners,
    modules,
    guard,
    fallbackHandler,
    faults: findSafeFaults(address, storage, owners, contents),
  };
}
