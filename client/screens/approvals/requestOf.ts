import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';
import type { RequestToCheck } from '../../signing/useRequestCheck.ts';

/** What the server says of an approval, as the check takes it. */
export function requestOf(approval: NonNullable<ApprovalDetailQuery['approval']>): RequestToCheck {
  const { kind, account, subject, signingRequest } = approval;
  const { address, symbol, decimals } = subject.asset;
  return {
    approvalId: approval.id,
    kind,
    caip2: account.chain.caip2,
    safe: account.address,
    asset: { address, symbol, decimals },
    batch: { id: subject.id, payoutCount: subject.payoutCount, totalUnits: subject.total.units },
    digest: signingRequest.digest,
    typedData: signingRequest.typedData,
    manifestSha256: signingRequest.manifest.sha256,
  };
}
