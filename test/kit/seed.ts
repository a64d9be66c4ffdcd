import { randomBytes } from 'node:crypto';
import { type Address, getAddress, type Hex } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import {
  developmentUsdcAddress,
  payoutVaultFactoryAddress,
  payoutVaultImplementationAddress,
} from '../../contracts/abi/addresses.ts';
import { required } from '../../core/errors.ts';
import { encodeNodeId, type NodeType } from '../../core/ids.ts';
import type { Role } from '../../core/permissions.ts';
import { accountOpen } from '../../resolvers/account/accountOpen.ts';
import { approvalGrant } from '../../resolvers/approval/approvalGrant.ts';
import { organizationCreate } from '../../resolvers/organization/organizationCreate.ts';
import { payoutBatchCreate } from '../../resolvers/payoutBatch/payoutBatchCreate.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { findOrCreateSigner } from '../../resolvers/session/findOrCreateSigner.ts';
import { newKey, type TestApi } from './api.ts';
import { createTestClient, type TestClient } from './client.ts';

export const TEST_CHAIN_ID = 31_337;

export type SeededPerson = {
  name: string;
  wallet: PrivateKeyAccount;
  userId: string;
  signerId: string;
  /** Signed in. */
  client: TestClient;
  context: RequestContext;
};
export type SeededBatch = {
  uuid: string;
  id: string;
  /** Asks for approval. @returns the approval's uuid */
  submit(): Promise<string>;
  /** Signs the newest approval with somebody's wallet. */
  grant(person: SeededPerson): Promise<void>;
};
export type SeededAccount = {
  uuid: string;
  id: string;
  address: Address;
  /** What the indexer would write when the chain moved money; amounts in base units. */
  hold(units: bigint): Promise<void>;
  receive(units: bigint): Promise<string>;
  batch(payouts?: number, title?: string): Promise<SeededBatch>;
};
export type SeededOrganization = {
  uuid: string;
  id: string;
  people: Record<string, SeededPerson>;
  /** ACTIVE, owned by those members who hold the role APPROVER. */
  account(name?: string): Promise<SeededAccount>;
};
export type Seed = {
  chainUuid: string;
  usdcUuid: string;
  nativeUuid: string;
  /** Somebody who is a member of nothing. */
  person(name: string): Promise<SeededPerson>;
  /** The first of the members makes it and is an OWNER besides. */
  organization(name: string, members: Record<string, readonly Role[]>): Promise<SeededOrganization>;
};

/**
 * A world to test in, made by the use cases themselves; only what the indexer would write is written by hand. One chain
 * (31337, indexed up to block 100) with its native asset and a USDC of six decimals.
 */
export async function seedWorld(api: TestApi): Promise<Seed> {
  const chain = await seedChain(api);

  async function person(name: string): Promise<SeededPerson> {
    const wallet = privateKeyToAccount(generatePrivateKey());
    const client = await signIn(api, wallet);
    const { userId, signerId } = await api.database
      .transaction()
      .execute((transaction) => findOrCreateSigner(transaction, wallet.address, name));
    await api.database.updateTable('appUser').set({ displayName: name }).where('id', '=', userId).execute();
    const session = await api.database
      .selectFrom('session')
      .select('id')
      .where('userId', '=', userId)
      .executeTakeFirstOrThrow();
    const viewer = { userId, sessionId: session.id };
    return { name, wallet, userId, signerId, client, context: { log: api.log, viewer, requestId: 'seed' } };
  }

  return {
    ...chain,
    person,
    organization: async (name, members) => {
      const people: Record<string, SeededPerson> = {};
      for (const member of Object.keys(members)) people[member] = await person(member);
      const founder = required(Object.values(people)[0], 'A member');
      const { organizationId: uuid } = await organizationCreate(founder.context, {
        name,
        idempotencyKey: newKey(),
        members: Object.entries(people).map(([displayName, { wallet }]) => ({
          displayName,
          address: wallet.address,
          roles: members[displayName] ?? [],
        })),
      });
      const approvers = Object.entries(people)
        .filter(([member]) => members[member]?.includes('APPROVER'))
        .map(([, approver]) => approver);
      const place = { api, chain, founder, approvers, organizationId: uuid };
      return {
        uuid,
        id: nodeId('Organization', uuid),
        people,
        account: (title) => seedAccount(place, title),
      };
    },
  };
}

type SeededChain = Pick<Seed, 'chainUuid' | 'usdcUuid' | 'nativeUuid'>;
type Place = {
  api: TestApi;
  chain: SeededChain;
  founder: SeededPerson;
  approvers: SeededPerson[];
  organizationId: string;
};

export function nodeId(type: NodeType, uuid: string): string {
  return encodeNodeId(type, uuid);
}

export function randomAddress(): Address {
  return getAddress(`0x${randomBytes(20).toString('hex')}`);
}

/** Signs in over HTTP, as any client does. */
export async function signIn(api: TestApi, wallet: PrivateKeyAccount): Promise<TestClient> {
  const { sessionChallengeCreate } = await api.nobody.request<{
    sessionChallengeCreate: { message: string };
  }>(
    `mutation ($address: Address!, $chainId: Int!) {
      sessionChallengeCreate(input: { address: $address, chainId: $chainId }) { message }
    }`,
    { address: wallet.address, chainId: TEST_CHAIN_ID },
  );
  const { message } = sessionChallengeCreate;
  const { sessionCreate } = await api.nobody.request<{ sessionCreate: { token: string } }>(
    `mutation ($message: String!, $signature: Hex!) {
      sessionCreate(input: { message: $message, signature: $signature }) { token }
    }`,
    { message, signature: await wallet.signMessage({ message }) },
  );
  return createTestClient(api.origin, sessionCreate.token);
}

async function seedChain({ database }: TestApi): Promise<SeededChain> {
  const caip2 = `eip155:${TEST_CHAIN_ID}`;
  const { id: chainUuid } = await database
    .insertInto('chain')
    .values({
      caip2,
      name: 'Test chain',
      family: 'EVM',
      eip155ChainId: BigInt(TEST_CHAIN_ID),
      confirmedDepth: 2,
      finalDepth: 5,
      factoryAddress: payoutVaultFactoryAddress,
      vaultImplementation: payoutVaultImplementationAddress,
      explorerUrlTemplate: 'https://explorer.example/tx/{hash}',
      headNumber: 100n,
      headHash: `0x${'ab'.repeat(32)}`,
      headTimestamp: new Date(),
      finalNumber: 95n,
      nodeHeadNumber: 101n,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const asset = async (caip19: string, symbol: string, decimals: number, address: string | null) => {
    const row = await database
      .insertInto('asset')
      .values({ chainId: chainUuid, caip19, symbol, decimals, address })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  };
  return {
    chainUuid,
    nativeUuid: await asset(`${caip2}/slip44:60`, 'ETH', 18, null),
    usdcUuid: await asset(`${caip2}/erc20:${developmentUsdcAddress}`, 'USDC', 6, developmentUsdcAddress),
  };
}

async function seedAccount(place: Place, name = 'Treasury'): Promise<SeededAccount> {
  const { api, chain, founder, approvers, organizationId } = place;
  const { accountId: uuid } = await accountOpen(founder.context, {
    organizationId,
    chainId: chain.chainUuid,
    name,
    approverSignerIds: approvers.map(({ signerId }) => signerId),
    threshold: Math.min(2, approvers.length),
    idempotencyKey: newKey(),
  });
  const { address } = await api.database
    .updateTable('account')
    .set({ status: 'ACTIVE', openedAtBlock: 1n })
    .where('id', '=', uuid)
    .returning('address')
    .executeTakeFirstOrThrow();
  return {
    uuid,
    id: nodeId('Account', uuid),
    address: getAddress(address),
    hold: async (units) => {
      await api.database
        .insertInto('accountBalance')
        .values({ accountId: uuid, assetId: chain.usdcUuid, organizationId, units, asOfBlock: 100n })
        .execute();
    },
    receive: (units) => seedTransfer(place, uuid, units),
    batch: (payouts, title) => seedBatch(place, uuid, payouts, title),
  };
}

async function seedBatch(
  place: Place,
  accountId: string,
  payouts = 1,
  title = 'Payroll',
): Promise<SeededBatch> {
  const { api, chain, founder } = place;
  const { payoutBatchId } = await payoutBatchCreate(founder.context, {
    accountId,
    assetId: chain.usdcUuid,
    title,
    payouts: Array.from({ length: payouts }, (_, index) => ({
      recipient: randomAddress(),
      amount: `${index + 1}.5`,
      memo: null,
      reference: `${title} ${index}`,
    })),
    idempotencyKey: newKey(),
  });
  const uuid = required(payoutBatchId, 'The batch');
  const newestApproval = () =>
    api.database
      .selectFrom('approval')
      .select(['id', 'digest'])
      .where('batchId', '=', uuid)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
  return {
    uuid,
    id: nodeId('PayoutBatch', uuid),
    submit: async () => {
      await payoutBatchSubmit(founder.context, {
        payoutBatchId: uuid,
        openWindowSeconds: null,
        closeDelaySeconds: null,
      });
      return (await newestApproval()).id;
    },
    grant: async ({ context, signerId, wallet }) => {
      const approval = await newestApproval();
      const signature = await wallet.sign({ hash: approval.digest as Hex });
      await approvalGrant(context, { approvalId: approval.id, signerId, signature });
    },
  };
}

/** A confirmed transfer in by a stranger's transaction. @returns its uuid */
async function seedTransfer(
  { api, chain, organizationId }: Place,
  accountId: string,
  units: bigint,
): Promise<string> {
  const { id: transactionId } = await api.database
    .insertInto('chainTransaction')
    .values({
      chainId: chain.chainUuid,
      organizationId,
      accountId,
      kind: 'FOREIGN',
      status: 'CONFIRMED',
      hash: `0x${randomBytes(32).toString('hex')}`,
      blockNumber: 98n,
      blockHash: `0x${'cd'.repeat(32)}`,
      includedAt: new Date(),
      feeUnits: 21_000n,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const transfer = await api.database
    .insertInto('transfer')
    .values({
      organizationId,
      accountId,
      assetId: chain.usdcUuid,
      direction: 'IN',
      counterparty: randomAddress(),
      units,
      status: 'CONFIRMED',
      transactionId,
      blockNumber: 98n,
      blockHash: `0x${randomBytes(32).toString('hex')}`,
      logIndex: 0,
      occurredAt: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return transfer.id;
}
