import { getAddress, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Manifest } from '../chains/evm/codec/manifest.ts';
import type { PayoutRow } from '../chains/evm/codec/payoutRow.ts';
import { type ApiClient, type ApiFault, MAX_AWAY_MS, requireNoFaults, signIn } from './apiClient.ts';
import { checkSigningRequest } from './checkSigningRequest.ts';
import { CliError } from './cliError.ts';
import { type Approval, type BatchAnswer, GRANT, PAYOUTS, SIGNERS } from './payrollDocuments.ts';
import type { OwnAsset, OwnRow } from './readOwnRows.ts';
import { requireKnownAsset } from './requireKnownAsset.ts';
import { contractAddress, type StackFile } from './stackFile.ts';

type Batch = NonNullable<BatchAnswer['payoutBatch']>;

const PAGE_SIZE = 100;
const MAX_PAGES_AT_ONCE = 8;

/** What was approved, and the manifest file that anyone can execute it with. */
export type ApprovedBatch = { manifest: Manifest; manifestText: string };

/**
 * Checks the signing request against the approver's own rows, then signs with as many demonstration approvers as the
 * account's threshold still asks for.
 * @throws CliError when anything to be signed differs from the file; nothing is signed then
 */
export async function approveBatch(
  stack: StackFile,
  api: ApiClient,
  batch: Batch,
  approval: Approval,
  readRows: (asset: OwnAsset) => Promise<readonly OwnRow[]>,
  say: (line: string) => void,
): Promise<ApprovedBatch> {
  const { signingRequest } = approval;
  const manifestText = await api.download(signingRequest.manifest.url);
  const asset: OwnAsset = {
    symbol: batch.asset.symbol,
    decimals: batch.asset.decimals,
    token: getAddress(batch.asset.address),
    payer: getAddress(batch.account.address),
    factory: contractAddress(stack, 'PayoutVaultFactory'),
    implementation: contractAddress(stack, 'PayoutVault'),
  };
  requireKnownAsset(stack.chainId, asset);
  const { manifest, intent, digest } = checkSigningRequest(
    { ...asset, chainId: stack.chainId, rows: await readRows(asset) },
    {
      digest: signingRequest.digest,
      typedData: signingRequest.typedData,
      nonce: BigInt(signingRequest.typedData.message.nonce),
      manifestText,
      manifestSha256: signingRequest.manifest.sha256,
      listedRows: await listRows(api, batch),
    },
  );
  say(intent.summary);
  for (const { label, value } of intent.lines) say(`  ${label}: ${value}`);
  for (const { message } of intent.warnings) say(`  Warning: ${message}`);
  await sign(stack, batch, approval, digest);
  return { manifest, manifestText };
}

/** @param digest the one rebuilt here */
async function sign(stack: StackFile, batch: Batch, approval: Approval, digest: Hex): Promise<void> {
  const granted = approval.decisions.filter(({ verdict }) => verdict === 'GRANTED');
  const signed = new Set(granted.map(({ signer }) => signer?.address.toLowerCase()));
  let missing = batch.account.threshold - granted.length;
  for (const approver of stack.demo.approvers) {
    if (missing <= 0) return;
    if (signed.has(approver.address.toLowerCase())) continue;
    const account = privateKeyToAccount(approver.privateKey as Hex);
    const api = await signIn(stack.api, account, stack.chainId, MAX_AWAY_MS);
    const answer = await api.request<{
      viewer: { user: { signers: { id: string; address: string }[] } };
    }>(SIGNERS, {});
    const signer = answer.viewer.user.signers.find(({ address }) => address === account.address);
    if (signer === undefined) throw new CliError(`${approver.label} has no signer for ${account.address}.`);
    const wallet = await account.sign({ hash: digest });
    const { approvalGrant } = await api.request<{ approvalGrant: { userErrors: ApiFault[] } }>(GRANT, {
      input: { approvalId: approval.id, signerId: signer.id, signature: { wallet } },
    });
    requireNoFaults(approvalGrant.userErrors);
    missing -= 1;
  }
}

/** All rows of a batch as the API lists them, in order. */
async function listRows(api: ApiClient, batch: Batch): Promise<PayoutRow[]> {
  const starts = Array.from(
    { length: Math.ceil(batch.payoutCount / PAGE_SIZE) },
    (_, page) => page * PAGE_SIZE,
  );
  const rows: PayoutRow[] = [];
  for (let first = 0; first < starts.length; first += MAX_PAGES_AT_ONCE) {
    const pages = await Promise.all(
      starts.slice(first, first + MAX_PAGES_AT_ONCE).map((fromIndex) => listPage(api, batch.id, fromIndex)),
    );
    rows.push(...pages.flat());
  }
  return rows;
}

async function listPage(api: ApiClient, id: string, fromIndex: number): Promise<PayoutRow[]> {
  const { payoutBatch } = await api.request<{
    payoutBatch: { payouts: { edges: { node: { recipient: string; amount: { units: string } } }[] } };
  }>(PAYOUTS, { id, fromIndex, first: PAGE_SIZE });
  return payoutBatch.payouts.edges.map(({ node }) => ({
    recipient: getAddress(node.recipient),
    units: BigInt(node.amount.units),
  }));
}
