import { privateKeyToAccount } from 'viem/accounts';
import { decodeNodeId } from '../../core/ids.ts';
import { createTestClient, type TestClient } from '../kit/client.ts';
import type { TestStack } from './stack.ts';

/** The API as one of the demonstration approvers sees it, by their place in the list. */
export async function signInAs({ stack }: TestStack, approver: number): Promise<TestClient> {
  const { privateKey, address } = stack.demo.approvers[approver] ?? {};
  if (privateKey === undefined) throw new Error(`There is no approver ${approver}.`);
  const nobody = createTestClient(stack.api, null);
  const { sessionChallengeCreate } = await nobody.request<{ sessionChallengeCreate: { message: string } }>(
    `mutation Challenge($input: SessionChallengeCreateInput!) { sessionChallengeCreate(input: $input) { message } }`,
    { input: { address, chainId: stack.chainId } },
  );
  const { message } = sessionChallengeCreate;
  const signature = await privateKeyToAccount(privateKey).signMessage({ message });
  const { sessionCreate } = await nobody.request<{ sessionCreate: { token: string } }>(
    `mutation SignIn($input: SessionCreateInput!) { sessionCreate(input: $input) { token } }`,
    { input: { message, signature } },
  );
  return createTestClient(stack.api, sessionCreate.token);
}

/** The demonstration organization as the database names it. */
export function organizationUuid({ stack }: TestStack): string {
  return decodeNodeId(stack.demo.organizationId).uuid;
}
