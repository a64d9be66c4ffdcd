import { sql } from 'kysely';
import { getAddress } from 'viem';
import { safeTypedData } from '../../chains/evm/codec/safeTransaction.ts';
import { required } from '../../core/errors.ts';
import { safeTransactionOf } from '../../transitions/requestApproval.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** What an approver signs, and where to get what it follows from. */
export type SigningRequest = {
  approvalId: string;
  digest: string;
  typedData: object;
  /** SHA-256 in hexadecimal digits. */
  manifestSha256: string;
  manifestByteSize: number;
};

/** Signing requests of approvals, in the order of the ids; null for those the viewer cannot see. @throws UnauthenticatedError */
export async function loadSigningRequests(
  context: RequestContext,
  approvalIds: readonly string[],
): Promise<(SigningRequest | null)[]> {
  const rows = await context.log.database
    .selectFrom('approval')
    .innerJoin('account', 'account.id', 'approval.accountId')
    .innerJoin('chain', 'chain.id', 'approval.chainId')
    .innerJoin('payoutBatch', 'payoutBatch.id', 'approval.batchId')
    .selectAll('approval')
    .select([
      'account.address as safe',
      'chain.eip155ChainId',
      'payoutBatch.manifestSha256',
      'payoutBatch.manifestByteSize',
    ])
    .where('approval.id', '=', sql<string>`any(${[...new Set(approvalIds)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('approval.organizationId')))
    .execute();
  const requests = new Map(
    rows.map((row) => {
      const chainId = Number(required(row.eip155ChainId, 'The chain’s EIP-155 id'));
      const request: SigningRequest = {
        approvalId: row.id,
        digest: row.digest,
        typedData: safeTypedData({ chainId, safe: getAddress(row.safe) }, safeTransactionOf(row)),
        manifestSha256: required(row.manifestSha256, 'The manifest’s hash'),
        manifestByteSize: required(row.manifestByteSize, 'The manifest’s size'),
      };
      return [row.id, request];
    }),
  );
  return approvalIds.map((id) => requests.get(id) ?? null);
}
