import {
  type Address,
  concatHex,
  encodeFunctionData,
  getAddress,
  type Hex,
  numberToHex,
  pad,
  parseAbi,
  zeroAddress,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { safeAbi } from '../../chains/evm/codec/safeAbi.ts';
import { SAFE_PROXY_CREATION_CODE } from '../../chains/evm/codec/safeAddress.ts';
import { SAFE_DEPLOYMENT } from '../../chains/evm/codec/safeDeployment.ts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import type { SafeFault } from '../../core/safeFaults.ts';
import { accountAdopt } from '../../resolvers/account/accountAdopt.ts';
import { executeElsewhere } from './indexerKit.ts';
import { eventually } from './payoutsEventually.ts';
import type { PayoutsKit } from './payoutsKit.ts';

export const safeAdminAbi = parseAbi([
  'function enableModule(address module)',
  'function disableModule(address previous, address module)',
  'function setGuard(address guard)',
  'function setFallbackHandler(address handler)',
  'function addOwnerWithThreshold(address owner, uint256 threshold)',
  'function removeOwner(address previous, address owner, uint256 threshold)',
  'function approveHash(bytes32 hash)',
]);
/** The list of modules begins here. */
const SENTINEL: Address = '0x0000000000000000000000000000000000000001';

/** Mines until a transaction of a stranger is in a block; the address it made, where it made one. */
async function mined(kit: PayoutsKit, hash: Hex): Promise<Address | null> {
  await kit.mine();
  const receipt = await kit.chain.client.getTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`The transaction ${hash} was undone.`);
  return receipt.contractAddress ?? null;
}

function strangerOf(kit: PayoutsKit) {
  return privateKeyToAccount(required(kit.chain.strangers[0], 'A stranger').privateKey);
}

/** Deploys creation code as a stranger. */
export async function deploy(kit: PayoutsKit, creationCode: Hex): Promise<Address> {
  const hash = await kit.chain.client.sendTransaction({
    account: strangerOf(kit),
    chain: null,
    to: null,
    data: creationCode,
    gas: 10_000_000n,
  });
  return getAddress(required(await mined(kit, hash), 'The contract'));
}

/** Creation code of a contract that is these bytes. */
export function creationCodeOf(runtimeCode: Hex): Hex {
  const size = ((runtimeCode.length - 2) / 2).toString(16).padStart(4, '0');
  // PUSH2 size, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN
  return concatHex([`0x61${size}80600c6000396000f3`, runtimeCode]);
}

/** Creation code of a contract that, called by delegation, writes a value into a slot of its caller's. */
export function creationCodeOfWriter(slot: Hex, value: bigint): Hex {
  // PUSH32 value, PUSH32 slot, SSTORE, STOP
  return creationCodeOf(concatHex(['0x7f', numberToHex(value, { size: 32 }), '0x7f', slot, '0x5500']));
}

export type ForeignSafe = {
  singleton?: Address;
  owners?: readonly Address[];
  threshold?: bigint;
  fallbackHandler?: Address;
  /** What setup calls by delegation: its code runs as the Safe's own. */
  helper?: Address;
  /** False: the proxy stands, and nobody has called setup. */
  setUp?: boolean;
};

/** A Safe that somebody made without any factory: the proxy itself, then its setup. */
export async function makeSafe(kit: PayoutsKit, options: ForeignSafe = {}): Promise<Address> {
  const singleton = options.singleton ?? SAFE_DEPLOYMENT.singletonL2.address;
  const safe = await deploy(kit, concatHex([SAFE_PROXY_CREATION_CODE, pad(singleton, { size: 32 })]));
  if (options.setUp === false) return safe;
  const data = encodeFunctionData({
    abi: safeAbi,
    functionName: 'setup',
    args: [
      options.owners ?? kit.approvers.map(({ address }) => address),
      options.threshold ?? 2n,
      options.helper ?? zeroAddress,
      '0x',
      options.fallbackHandler ?? SAFE_DEPLOYMENT.fallbackHandler.address,
      zeroAddress,
      0n,
      zeroAddress,
    ],
  });
  const account = strangerOf(kit);
  await mined(kit, await kit.chain.client.sendTransaction({ account, chain: null, to: safe, data }));
  return safe;
}

/** The Safe's owners change something about it; mined and indexed. */
export async function administrate(
  kit: PayoutsKit,
  safe: Address,
  functionName: 'enableModule' | 'setGuard' | 'setFallbackHandler' | 'addOwnerWithThreshold',
  argument: Address,
): Promise<void> {
  const data =
    functionName === 'addOwnerWithThreshold'
      ? encodeFunctionData({ abi: safeAdminAbi, functionName, args: [argument, 3n] })
      : encodeFunctionData({ abi: safeAdminAbi, functionName, args: [argument] });
  await callAsOwners(kit, safe, { to: safe, data, operation: 0 });
}

/** The Safe's owners call something, itself or by delegation; mined and indexed. */
export async function callAsOwners(
  kit: PayoutsKit,
  safe: Address,
  call: Parameters<typeof executeElsewhere>[2],
): Promise<void> {
  await mined(kit, await executeElsewhere(kit, safe, call));
}

/** The Safe's owners disable its newest module; mined and indexed. */
export async function disableModule(kit: PayoutsKit, safe: Address, module: Address): Promise<void> {
  const args = [SENTINEL, module] as const;
  const data = encodeFunctionData({ abi: safeAdminAbi, functionName: 'disableModule', args });
  await callAsOwners(kit, safe, { to: safe, data, operation: 0 });
}

/** Gives an address money, mined and indexed. */
export async function fund(kit: PayoutsKit, address: Address, units: bigint): Promise<void> {
  const hash = await kit.chain.client.writeContract({
    account: strangerOf(kit),
    address: kit.token,
    abi: developmentUsdcAbi,
    functionName: 'mint',
    args: [address, units],
    chain: null,
  });
  await mined(kit, hash);
}

let nextKey = 0;

/** Asks for a Safe to be adopted, by the kit's organization unless another is named. */
export async function adopt(
  kit: PayoutsKit,
  address: string,
  { idempotencyKey, organizationId }: { idempotencyKey?: string; organizationId?: string } = {},
) {
  const [approver] = kit.approvers;
  const [organization, chain] = await Promise.all([
    kit.database.selectFrom('organization').select('id').orderBy('id').executeTakeFirstOrThrow(),
    kit.database.selectFrom('chain').select('id').executeTakeFirstOrThrow(),
  ]);
  const { accountId, replayed } = await accountAdopt(kit.context(required(approver, 'An approver')), {
    organizationId: organizationId ?? organization.id,
    chainId: chain.id,
    name: 'Adopted',
    address,
    idempotencyKey: idempotencyKey ?? `adopt ${nextKey++}`,
  });
  return { accountId, replayed };
}

/** An account and what was read of it. */
export async function standingOf(kit: PayoutsKit, accountId: string) {
  const row = await kit.database
    .selectFrom('account')
    .leftJoin('accountInspection', 'accountInspection.accountId', 'account.id')
    .select(['account.status', 'account.threshold', 'account.safeNonce', 'account.owners as accountOwners'])
    .select(['singleton', 'version', 'accountInspection.owners', 'modules', 'guard', 'fallbackHandler'])
    .select(['faults', 'blockNumber'])
    .where('account.id', '=', accountId)
    .executeTakeFirstOrThrow();
  const faults = (row.faults ?? []) as SafeFault[];
  return { ...row, faults, codes: faults.map(({ code }) => code) };
}

/** Waits until what was to be adopted was read. */
export async function untilRead(kit: PayoutsKit, accountId: string) {
  return eventually(async () => {
    const standing = await standingOf(kit, accountId);
    if (standing.status === 'OPENING') throw new Error('The Safe was not read yet.');
    return standing;
  });
}
