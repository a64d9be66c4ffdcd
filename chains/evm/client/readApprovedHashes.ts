import { type Address, encodeFunctionData, type Hash, type Hex, isAddressEqual, parseAbi } from 'viem';
import { approvedHashSlot } from '../codec/safeSlots.ts';
import type { EvmClient } from './evmClient.ts';

/** Each costs a request. An owner who made more of them keeps the Safe from being proven. */
const MAX_APPROVALS = 200;

const abi = parseAbi([
  'event ApproveHash(bytes32 indexed approvedHash, address indexed owner)',
  'function approveHash(bytes32 hashToApprove)',
]);
const [approveHashEvent] = abi;

/**
 * The slots that hold what owners approved on chain, up to a block: the Safe never takes such an approval back. Events
 * alone do not tell, since code that it runs by delegation emits in its name: believed is what the owner's own key signed,
 * a transaction that is this very call. Of owners that are contracts there is no such thing.
 * @throws viem's errors when the node does not answer, or gives no logs of that many blocks
 */
export async function readApprovedHashes(
  client: EvmClient,
  safe: Address,
  blockHash: Hash,
): Promise<readonly Hex[]> {
  const { number } = await client.getBlock({ blockHash });
  const logs = await client.getLogs({
    address: safe,
    event: approveHashEvent,
    fromBlock: 0n,
    toBlock: number,
    strict: true,
  });
  const slots = await Promise.all(
    logs.slice(0, MAX_APPROVALS).map(async ({ args: { approvedHash, owner }, transactionHash }) => {
      const { from, to, input } = await client.getTransaction({ hash: transactionHash });
      const call = encodeFunctionData({ abi, functionName: 'approveHash', args: [approvedHash] });
      const isOwners = isAddressEqual(from, owner) && to !== null && isAddressEqual(to, safe);
      return isOwners && input === call ? [approvedHashSlot(owner, approvedHash)] : [];
    }),
  );
  return slots.flat();
}
