import { type Address, encodeFunctionData, type Hex, isAddressEqual } from 'viem';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { decodeNodeId } from '../../core/ids.ts';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import { APPROVERS, MINTER, THRESHOLD } from './cast.ts';
import { type PersistentClient, signIn } from './persistentClient.ts';
import { FINAL_DEPTH } from './prepareSlots.ts';
import { sendAs } from './sendAs.ts';
import { untilThere } from './withPatience.ts';
import type { World } from './world.ts';

/** Also where many things run on few cores. */
const OPEN_TIMEOUT_MS = 180_000;

export type Approver = {
  readonly index: number;
  readonly client: PersistentClient;
  readonly signerId: string;
};
export type Account = { readonly id: string; readonly address: Address; readonly organization: Organization };
export type Organization = { readonly id: string };
/** Everybody and everything that pays in a run. */
export type People = {
  readonly approvers: readonly Approver[];
  readonly organizations: readonly Organization[];
  /** In the plan's order. */
  readonly accounts: readonly Account[];
  readonly chainId: string;
  readonly assetId: string;
  /** A final block in which the accounts hold their money and nothing was paid yet. */
  readonly fundedBlock: number;
};

/**
 * Signs in, makes the organizations and opens their accounts, funded in a final block.
 * @param needBlocks called when something must get into the chain: blocks before that would bring nothing to anybody
 */
export async function settlePeople(
  world: World,
  fundsUnits: bigint,
  needBlocks: () => void,
): Promise<People> {
  const approvers = await Promise.all(APPROVERS.map((index) => arrive(world, index)));
  const { client } = required(approvers[0], 'An approver');
  const names = [...new Set(world.plan.accounts.map(({ organization }) => organization))];
  const [organizations, { chainId, assetId }] = await Promise.all([
    Promise.all(names.map((name) => createOrganization(client, name))),
    findAsset(world, client),
  ]);
  needBlocks();
  const accounts = await Promise.all(
    world.plan.accounts.map(async (planned, index) => {
      const organization = required(organizations[names.indexOf(planned.organization)], 'The organization');
      const id = await openAccount(client, organization, index, chainId, approvers);
      const address = await untilActive(world, client, id);
      return { id, address, organization };
    }),
  );
  const fundedBlock = await fund(world, accounts, fundsUnits);
  return { approvers, organizations, accounts, chainId, assetId, fundedBlock };
}

async function arrive(world: World, index: number): Promise<Approver> {
  const client = await signIn(world, index);
  const { viewer } = await client.ask<{ viewer: { user: { signers: { id: string; address: Address }[] } } }>(
    'query Signers { viewer { user { signers { id address } } } }',
  );
  const { address } = developmentAccount(index);
  const own = viewer.user.signers.find((signer) => isAddressEqual(signer.address, address));
  return { index, client, signerId: required(own, 'The signer').id };
}

async function createOrganization(client: PersistentClient, name: number): Promise<Organization> {
  const { organizationCreate } = await client.ask<{ organizationCreate: { organization: Organization } }>(
    `mutation Organization($input: OrganizationCreateInput!) {
      organizationCreate(input: $input) { organization { id } userErrors { code message } }
    }`,
    {
      input: {
        name: `Payer ${name}`,
        members: APPROVERS.map((index) => ({
          displayName: `Approver ${index}`,
          address: developmentAccount(index).address,
          roles: ['OWNER', 'APPROVER'],
        })),
        idempotencyKey: `organization ${name}`,
      },
    },
  );
  return required(organizationCreate.organization, 'The organization');
}

async function findAsset(
  world: World,
  client: PersistentClient,
): Promise<{ chainId: string; assetId: string }> {
  type Asset = { id: string; address: Address | null };
  const { chains } = await client.ask<{ chains: { id: string; assets: { edges: { node: Asset }[] } }[] }>(
    'query Assets { chains { id assets(first: 10) { edges { node { id address } } } } }',
  );
  const chain = required(chains[0], 'The chain');
  const { DevelopmentUSDC: token } = world.slot.contracts;
  const asset = chain.assets.edges.find(
    ({ node }) => node.address !== null && isAddressEqual(node.address, token),
  );
  return { chainId: chain.id, assetId: required(asset, 'The token').node.id };
}

async function openAccount(
  client: PersistentClient,
  organization: Organization,
  index: number,
  chainId: string,
  approvers: readonly Approver[],
): Promise<string> {
  const { accountOpen } = await client.ask<{ accountOpen: { account: { id: string } | null } }>(
    `mutation Open($input: AccountOpenInput!) {
      accountOpen(input: $input) { account { id } userErrors { code message } }
    }`,
    {
      input: {
        organizationId: organization.id,
        chainId,
        name: `Treasury ${index}`,
        approverSignerIds: approvers.map(({ signerId }) => signerId),
        threshold: THRESHOLD,
        idempotencyKey: `account ${index}`,
      },
    },
  );
  return required(accountOpen.account, 'The account').id;
}

async function untilActive(world: World, client: PersistentClient, id: string): Promise<Address> {
  // Looked for in the database: that takes a tenth of what the API needs to answer.
  await untilThere('an open account', OPEN_TIMEOUT_MS, async () => {
    const isActive = 'select from account where id = $1 and status = $2';
    return (await world.sql(isActive, [decodeNodeId(id).uuid, 'ACTIVE'])).length > 0 || null;
  });
  const { account } = await client.ask<{ account: { address: Address } }>(
    'query Account($id: ID!) { account(id: $id) { address } }',
    { id },
  );
  // Inside finality a reorg may take it back.
  world.note(`${account.address} is open`);
  return account.address;
}

async function fund(world: World, accounts: readonly Account[], units: bigint): Promise<number> {
  const token = { address: world.slot.contracts.DevelopmentUSDC, abi: developmentUsdcAbi } as const;
  for (const { address } of accounts) {
    const data: Hex = encodeFunctionData({ ...token, functionName: 'mint', args: [address, units] });
    await sendAs(world, MINTER, token.address, data);
  }
  let seen = 0n;
  return untilThere('funds in a final block', OPEN_TIMEOUT_MS, async () => {
    const head = await world.chain.getBlockNumber({ cacheTime: 0 });
    if (head === seen) return null;
    seen = head;
    const blockNumber = head - BigInt(FINAL_DEPTH);
    const held = await Promise.all(
      accounts.map(({ address }) =>
        world.chain.readContract({ ...token, functionName: 'balanceOf', args: [address], blockNumber }),
      ),
    );
    return held.every((balance) => balance === units) ? Number(blockNumber) : null;
  });
}
