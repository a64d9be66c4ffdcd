import type { ApprovalDetailQuery } from '../../generated/operationTypes.ts';

type Approval = NonNullable<ApprovalDetailQuery['approval']>;
type OwnSigner = { readonly id: string; readonly address: string };
type Decidable = Pick<Approval, 'status' | 'expiresAt' | 'viewerCanDecide' | 'decisions'> & {
  organization: { separatesDuties: boolean };
  account: { safe: { owners: readonly string[] } | null; approvers: readonly { address: string }[] };
};

/** What the viewer can do with an approval: sign and reject, reject alone, or nothing, and why. */
export type Choice =
  | { kind: 'DECIDE'; signers: readonly OwnSigner[] }
  | { kind: 'REJECT_ONLY'; why: 'DUTIES_SEPARATED'; signers: readonly OwnSigner[] }
  | { kind: 'NOTHING'; why: 'NOT_PENDING' | 'EXPIRED' | 'NO_PERMISSION' | 'NO_KEY' | 'DECIDED' };

/**
 * Why the viewer cannot decide an approval, where they cannot. The server says whether they can; the reason is told from
 * what is on the screen.
 * @param now milliseconds since 1970
 */
export function choiceOf(
  approval: Decidable,
  viewer: { signers: readonly OwnSigner[]; mayDecide: boolean },
  now: number,
): Choice {
  if (approval.status !== 'PENDING') return { kind: 'NOTHING', why: 'NOT_PENDING' };
  if (Date.parse(approval.expiresAt) <= now) return { kind: 'NOTHING', why: 'EXPIRED' };
  if (!viewer.mayDecide) return { kind: 'NOTHING', why: 'NO_PERMISSION' };
  const owning = ownersAmong(viewer.signers, approval.account);
  if (owning.length === 0) return { kind: 'NOTHING', why: 'NO_KEY' };
  const decided = new Set(approval.decisions.map(({ signerAddress }) => signerAddress.toLowerCase()));
  const signers = owning.filter(({ address }) => !decided.has(address.toLowerCase()));
  if (signers.length === 0) return { kind: 'NOTHING', why: 'DECIDED' };
  if (approval.viewerCanDecide) return { kind: 'DECIDE', signers };
  if (approval.organization.separatesDuties) return { kind: 'REJECT_ONLY', why: 'DUTIES_SEPARATED', signers };
  // The server knows the owners better than what it read of the account some time ago.
  return { kind: 'NOTHING', why: 'NO_KEY' };
}

/** Those of a person's keys that are owners of the account, as far as its owners are known here. */
function ownersAmong(
  signers: readonly OwnSigner[],
  { safe, approvers }: Decidable['account'],
): readonly OwnSigner[] {
  const owners = new Set([
    ...(safe?.owners ?? []).map((address) => address.toLowerCase()),
    ...approvers.map(({ address }) => address.toLowerCase()),
  ]);
  return signers.filter(({ address }) => owners.has(address.toLowerCase()));
}
