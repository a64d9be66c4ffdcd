import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { TestStack } from './stack.ts';
import { signInAs } from './viewer.ts';

const SIGNERS = 'query Signers { viewer { user { signers { id address } } } }';
const GRANT = /* GraphQL */ `
  mutation Grant($input: ApprovalGrantInput!) {
    approvalGrant(input: $input) { approval { status } userErrors { code message } }
  }
`;

/**
 * Signs with as many of the demonstration approvers, from the first one on.
 * @param digest the test's own computation of what is to be signed, or what the API says where that is not in question
 */
export async function approve(
  stack: TestStack,
  approval: { id: string; digest: Hex },
  approvers = 2,
): Promise<void> {
  for (let index = 0; index < approvers; index += 1) {
    const viewer = await signInAs(stack, index);
    const answer = await viewer.request<{ viewer: { user: { signers: { id: string }[] } } }>(SIGNERS);
    const account = privateKeyToAccount(stack.stack.demo.approvers[index]?.privateKey as Hex);
    const { approvalGrant } = await viewer.request<{ approvalGrant: { userErrors: unknown[] } }>(GRANT, {
      input: {
        approvalId: approval.id,
        signerId: answer.viewer.user.signers[0]?.id,
        signature: { wallet: await account.sign({ hash: approval.digest }) },
      },
    });
    if (approvalGrant.userErrors.length > 0) {
      throw new Error(`Approver ${index} could not sign: ${JSON.stringify(approvalGrant.userErrors)}`);
    }
  }
}
