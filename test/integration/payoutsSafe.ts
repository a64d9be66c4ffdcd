import { type Address, encodeFunctionData, getAddress, type Hex, parseAbi, parseGwei } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { readSafe } from '../../chains/evm/client/readSafe.ts';
import { encodeExecTransaction } from '../../chains/evm/codec/encodeExecTransaction.ts';
import { encodeExecuteChunk } from '../../chains/evm/codec/encodeExecuteChunk.ts';
import { manifestTree } from '../../chains/evm/codec/manifest.ts';
import { plainSafeTransaction, safeTransactionHash } from '../../chains/evm/codec/safeTransaction.ts';
import { required } from '../../core/errors.ts';
import { checkApproval } from '../../payouts/checkApproval.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import { loadManifest } from '../../resolvers/payoutBatch/loadManifest.ts';
import type { PayoutsKit } from './payoutsKit.ts';
import type { Account } from './payoutsSeed.ts';

const safeOwnersAbi = parseAbi([
  'function removeOwner(address prevOwner, address owner, uint256 _threshold)',
]);
/** The list of a Safe's owners begins here. */
const SENTINEL: Address = '0x0000000000000000000000000000000000000001';

/** The first two owners execute something in another Safe tool: it takes the account's next nonce. Not mined yet. */
export async function useSafeElsewhere(
  kit: PayoutsKit,
  account: Account,
  call: { to: Address; data: Hex } = { to: account.address, data: '0x' },
): Promise<void> {
  const safe = required(
    await readSafe(createEvmClient({ rpcUrl: kit.chain.rpcUrl }), account.address),
    'The Safe',
  );
  const transaction = plainSafeTransaction({ ...call, operation: 0, nonce: safe.nonce });
  const hash = safeTransactionHash({ chainId: kit.chain.chainId, safe: account.address }, transaction);
  const signatures = await Promise.all(
    kit.approvers.slice(0, 2).map(async ({ address, privateKey }) => ({
      owner: address,
      signature: await privateKeyToAccount(privateKey).sign({ hash }),
    })),
  );
  await sendAsStranger(kit, account.address, encodeExecTransaction(transaction, signatures));
}

/** The second of the account's owners is one no more; two of the other two approve from then on. */
export function removeSecondOwner(kit: PayoutsKit, account: Account): Promise<void> {
  const [first, second] = kit.approvers;
  const previous = first?.address ?? SENTINEL;
  const args = [previous, required(second, 'An owner').address, 2n] as const;
  const data = encodeFunctionData({ abi: safeOwnersAbi, functionName: 'removeOwner', args });
  return useSafeElsewhere(kit, account, { to: account.address, data });
}

/** A stranger brings the owners' signatures to the Safe: they are public once given. Not mined yet. */
export async function openElsewhere(kit: PayoutsKit, batchId: string): Promise<void> {
  const approval = await kit.database
    .selectFrom('approval')
    .selectAll()
    .where('batchId', '=', batchId)
    .where('kind', '=', 'PAYOUT_OPEN')
    .where('status', '=', 'APPROVED')
    .executeTakeFirstOrThrow();
  const loaded = required(await loadBatch(kit.database, batchId), 'The batch');
  const check = await checkApproval(kit.engine(), loaded, approval);
  if (!check.ready) throw new Error(check.blocker.message);
  await sendAsStranger(kit, loaded.safe, check.data);
}

/** Everybody may execute: a stranger does, with what the manifest says. Not mined yet. @param only not all chunks */
export async function executeFromManifest(
  kit: PayoutsKit,
  batchId: string,
  only?: readonly number[],
): Promise<void> {
  const batch = await kit.batch(batchId);
  const manifest = await loadManifest(kit.database, batch);
  const tree = manifestTree(manifest);
  for (const [chunkIndex, rows] of manifest.chunks.entries()) {
    if (only?.includes(chunkIndex) === false) continue;
    const data = encodeExecuteChunk({ chunkIndex, rows, proof: tree.proof(chunkIndex) });
    await sendAsStranger(kit, getAddress(batch.vaultAddress), data);
  }
}

const STRANGERS_GAS_LIMIT = 16_000_000n;
/** Blocks have it before anything of the relayers'. */
const STRANGERS_FEES = { maxFeePerGas: parseGwei('200'), maxPriorityFeePerGas: parseGwei('100') };

/** Somebody who is nobody here sends a transaction; it waits in the node's pool. */
export async function sendAsStranger(kit: PayoutsKit, to: Address, data: Hex): Promise<void> {
  const stranger = privateKeyToAccount(required(kit.chain.strangers[1], 'A stranger').privateKey);
  await kit.chain.client.sendTransaction({
    account: stranger,
    to,
    data,
    gas: STRANGERS_GAS_LIMIT,
    ...STRANGERS_FEES,
    chain: null,
  });
}
