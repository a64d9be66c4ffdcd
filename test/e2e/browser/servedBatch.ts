import { privateKeyToAccount } from 'viem/accounts';
import { signIn } from '../../../cli/apiClient.ts';
import { importPayroll } from '../../../cli/importPayroll.ts';
import { BATCH, type BatchAnswer, SUBMIT } from '../../../cli/payrollDocuments.ts';
import type { TestStack } from '../stack.ts';

/** A batch that waits for its approvers. */
export type ServedBatch = { batchId: string; approvalId: string; manifestText: string; nonce: bigint };

/** Imports a file and submits it, as the first approver. */
export async function submitBatch(stack: TestStack, name: string, content: string): Promise<ServedBatch> {
  const { demo, api: url, chainId } = stack.stack;
  const [proposer] = demo.approvers;
  if (proposer === undefined) throw new Error('There is no approver.');
  const api = await signIn(url, privateKeyToAccount(proposer.privateKey), chainId);
  const bytes = new TextEncoder().encode(content);
  const imported = await importPayroll(api, demo, { name, bytes, run: '' });
  const batchId = imported.payoutBatch?.id ?? '';
  await api.request(SUBMIT, { input: { payoutBatchId: batchId } });
  const { payoutBatch } = await api.request<BatchAnswer>(BATCH, { id: batchId });
  const approval = payoutBatch?.approvals.edges[0]?.node;
  if (approval === undefined) throw new Error(`${name} was not submitted.`);
  const { manifest, typedData } = approval.signingRequest;
  return {
    batchId,
    approvalId: approval.id,
    manifestText: await api.download(manifest.url),
    nonce: BigInt(typedData.message.nonce),
  };
}
