import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Address, type Hex, isAddressEqual, parseEther, parseUnits } from 'viem';
import { z } from 'zod';
import { developmentToken18Abi } from '../../contracts/abi/developmentToken18.ts';
import { required } from '../../core/errors.ts';
import type { EmbeddedAnvil } from './anvil.ts';
import { type ApiSession, openApiSession } from './apiSession.ts';
import { type ContractAddresses, createEmbeddedChainClient, type EmbeddedChainClient } from './contracts.ts';
import { developmentAccount, developmentPrivateKey } from './developmentAccounts.ts';
import { EmbeddedError } from './embeddedError.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

const ORGANIZATION_NAME = 'Demonstration Ltd';
const ACCOUNT_NAME = 'Treasury';
const THRESHOLD = 2;
const APPROVERS = [
  { label: 'Alice', index: 1 },
  { label: 'Bob', index: 2 },
  { label: 'Carol', index: 3 },
];
const FUNDER_INDEX = 0;
const TREASURY_USDC_UNITS = parseUnits('1000000', 6);
const TREASURY_TOKEN18_UNITS = parseUnits('1000000', 18);
const RELAYER_FUNDS_WEI = parseEther('1000');
const MIN_RELAYER_FUNDS_WEI = parseEther('100');
const OPEN_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 200;

const Made = z.object({ organizationId: z.string(), accountId: z.string(), assetId: z.string() });

/** What the commands and a visitor need. The keys are public development keys: worth nothing on any other chain. */
export type Demonstration = z.infer<typeof Made> & {
  approvers: { label: string; address: Address; privateKey: Hex }[];
};

/**
 * An organization with a funded treasury that three people approve for, two of whom must. It is made through the public
 * API once, and found again at later starts; a start that was interrupted goes on where it was.
 * @param options.notePath where its ids are kept
 * @throws EmbeddedError
 */
export async function prepareDemonstration(options: {
  api: string;
  anvil: EmbeddedAnvil;
  contracts: ContractAddresses;
  relayers: readonly Address[];
  notePath: string;
}): Promise<Demonstration> {
  const chain = createEmbeddedChainClient(options.anvil.rpcUrl);
  for (const relayer of options.relayers) await fundRelayer(chain, relayer);
  const approvers = APPROVERS.map(({ label, index }) => ({
    label,
    address: developmentAccount(index).address,
    privateKey: developmentPrivateKey(index),
  }));
  const made = readNote(options.notePath) ?? (await make(options, chain));
  return { ...made, approvers };
}

function readNote(path: string): z.infer<typeof Made> | null {
  return existsSync(path) ? Made.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

async function make(
  options: { api: string; anvil: EmbeddedAnvil; contracts: ContractAddresses; notePath: string },
  chain: EmbeddedChainClient,
): Promise<z.infer<typeof Made>> {
  const { contracts } = options;
  const session = await openApiSession(options.api, developmentAccount(1), options.anvil.chainId);
  const organizationId = await createOrganization(session);
  const { chainId, assetId } = await findAsset(session, options.anvil.chainId, contracts.DevelopmentUSDC);
  const accountId = await openAccount(session, organizationId, chainId);
  const address = await waitUntilActive(session, accountId);
  await mintOnce(chain, contracts, address);
  const made = { organizationId, accountId, assetId };
  writeFileAtomically(options.notePath, `${JSON.stringify(made)}\n`);
  return made;
}

async function createOrganization(session: ApiSession): Promise<string> {
  const { organizationCreate } = await session.request<{
    organizationCreate: { organization: { id: string } };
  }>(
    /* GraphQL */ `
      mutation DemonstrationOrganization($input: OrganizationCreateInput!) {
        organizationCreate(input: $input) { organization { id } userErrors { code message } }
      }
    `,
    {
      input: {
        name: ORGANIZATION_NAME,
        members: APPROVERS.map(({ label, index }) => ({
          displayName: label,
          address: developmentAccount(index).address,
          roles: ['APPROVER'],
        })),
        idempotencyKey: 'demonstration',
      },
    },
  );
  return organizationCreate.organization.id;
}

async function findAsset(
  session: ApiSession,
  eip155ChainId: number,
  token: Address,
): Promise<{ chainId: string; assetId: string }> {
  const { chains } = await session.request<{
    chains: {
      id: string;
      caip2: string;
      assets: { edges: { node: { id: string; address: Address | null } }[] };
    }[];
  }>(/* GraphQL */ `
    query DemonstrationAssets { chains { id caip2 assets(first: 100) { edges { node { id address } } } } }
  `);
  const chain = required(
    chains.find(({ caip2 }) => caip2 === `eip155:${eip155ChainId}`),
    'The embedded chain',
  );
  const asset = chain.assets.edges.find(
    ({ node }) => node.address !== null && isAddressEqual(node.address, token),
  );
  return { chainId: chain.id, assetId: required(asset, 'The development token').node.id };
}

async function openAccount(session: ApiSession, organizationId: string, chainId: string): Promise<string> {
  const approverSignerIds = await findSigners(session, organizationId);
  const { accountOpen } = await session.request<{ accountOpen: { account: { id: string } } }>(
    /* GraphQL */ `
      mutation DemonstrationAccount($input: AccountOpenInput!) {
        accountOpen(input: $input) { account { id } userErrors { code message } }
      }
    `,
    {
      input: {
        organizationId,
        chainId,
        name: ACCOUNT_NAME,
        approverSignerIds,
        threshold: THRESHOLD,
        idempotencyKey: 'demonstration',
      },
    },
  );
  return accountOpen.account.id;
}

/** The approvers' keys as the API knows them, in the order of APPROVERS. */
async function findSigners(session: ApiSession, organizationId: string): Promise<string[]> {
  type Member = { user: { signers: { id: string; address: Address }[] } };
  const { organization } = await session.request<{
    organization: { members: { edges: { node: Member }[] } };
  }>(
    /* GraphQL */ `
      query DemonstrationMembers($organizationId: ID!) {
        organization(id: $organizationId) {
          members(first: 100) { edges { node { user { signers { id address } } } } }
        }
      }
    `,
    { organizationId },
  );
  const signers = organization.members.edges.flatMap(({ node }) => node.user.signers);
  return APPROVERS.map(({ label, index }) => {
    const { address } = developmentAccount(index);
    return required(
      signers.find((signer) => isAddressEqual(signer.address, address)),
      `${label}'s key`,
    ).id;
  });
}

async function waitUntilActive(session: ApiSession, accountId: string): Promise<Address> {
  const deadline = Date.now() + OPEN_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const { account } = await session.request<{
      account: { status: string; address: Address | null };
    }>(
      /* GraphQL */ `
        query DemonstrationAccountStatus($accountId: ID!) { account(id: $accountId) { status address } }
      `,
      { accountId },
    );
    if (account.status === 'ACTIVE' && account.address !== null) return account.address;
    await delay(POLL_INTERVAL_MS);
  }
  throw new EmbeddedError(
    `The demonstration account is not open on chain after ${OPEN_TIMEOUT_MS / 1000} s. Look at .data/logs/worker.log and .data/logs/indexer.log.`,
  );
}

async function fundRelayer(chain: EmbeddedChainClient, relayer: Address): Promise<void> {
  if ((await chain.getBalance({ address: relayer })) >= MIN_RELAYER_FUNDS_WEI) return;
  const hash = await chain.sendTransaction({
    account: developmentAccount(FUNDER_INDEX),
    to: relayer,
    value: RELAYER_FUNDS_WEI,
  });
  await chain.waitForTransactionReceipt({ hash });
}

/** Mints to the treasury unless it has money: an interrupted start may have come so far. */
async function mintOnce(
  chain: EmbeddedChainClient,
  contracts: ContractAddresses,
  treasury: Address,
): Promise<void> {
  const tokens = [
    { address: contracts.DevelopmentUSDC, units: TREASURY_USDC_UNITS },
    { address: contracts.DevelopmentToken18, units: TREASURY_TOKEN18_UNITS },
  ];
  for (const { address, units } of tokens) {
    const balance = await chain.readContract({
      address,
      abi: developmentToken18Abi,
      functionName: 'balanceOf',
      args: [treasury],
    });
    if (balance > 0n) continue;
    const hash = await chain.writeContract({
      account: developmentAccount(FUNDER_INDEX),
      address,
      abi: developmentToken18Abi,
      functionName: 'mint',
      args: [treasury, units],
    });
    await chain.waitForTransactionReceipt({ hash });
  }
}
