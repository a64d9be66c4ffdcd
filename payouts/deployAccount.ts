import { getAddress } from 'viem';
import { encodeCreateProxy, type SafeSetup, safeAddress } from '../chains/evm/codec/safeAddress.ts';
import { InvariantError, required } from '../core/errors.ts';
import { readFinality } from './finality.ts';
import { checkedClientOf, type PayoutEngine, requireNodes } from './payoutEngine.ts';
import { sendOnce } from './sendOnce.ts';

const CREATE_GAS = 500_000n;
const CREATE_GAS_PER_OWNER = 40_000n;

/**
 * The job `account.deploy`: sends the transaction that creates an OPENING account's Safe, unless it is under way or the
 * Safe stands already, whoever created it. The indexer says when the account is open.
 * @throws NodesUnavailableError, viem's errors when the node does not answer; the job is tried again
 */
export async function deployAccount(engine: PayoutEngine, accountId: string): Promise<void> {
  const account = await engine.log.database
    .selectFrom('account')
    .innerJoin('chain', 'chain.id', 'account.chainId')
    .selectAll('account')
    .select(['chain.eip155ChainId', 'chain.finalNumber'])
    .where('account.id', '=', accountId)
    .executeTakeFirst();
  if (account?.status !== 'OPENING' || account.custody !== 'SAFE') return;
  // Adopted: it stands already, or is refused.
  if (account.saltNonce === null) return;
  const setup: SafeSetup = {
    owners: account.owners.map((owner) => getAddress(owner)),
    threshold: account.threshold,
    saltNonce: account.saltNonce,
  };
  if (safeAddress(setup) !== getAddress(account.address)) {
    throw new InvariantError('An opening account has another address than its setup gives', { accountId });
  }
  const eip155ChainId = Number(required(account.eip155ChainId, 'The chain’s EIP-155 id'));
  const chain = { id: account.chainId, eip155ChainId, finalNumber: account.finalNumber };
  requireNodes(engine, eip155ChainId);
  const client = checkedClientOf(engine, eip155ChainId);
  if ((await client.getCode({ address: getAddress(account.address) })) !== undefined) return;
  const blocker = await sendOnce(engine, {
    purpose: { kind: 'ACCOUNT', accountId },
    finality: await readFinality(engine, chain),
    chain,
    draft: {
      kind: 'ACCOUNT',
      organizationId: account.organizationId,
      accountId,
      batchId: null,
      chunkIndex: null,
      approvalId: null,
      ...encodeCreateProxy(setup),
      gasLimit: CREATE_GAS + CREATE_GAS_PER_OWNER * BigInt(setup.owners.length),
    },
    isStillDue: async (work) => {
      const current = await work.database
        .selectFrom('account')
        .select('status')
        .where('id', '=', accountId)
        .forUpdate()
        .executeTakeFirst();
      return current?.status === 'OPENING';
    },
  });
  if (blocker !== null) engine.logger.warn({ accountId, blocker }, 'An account cannot be deployed now');
}
