import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Address, getAddress } from 'viem';
import type { Role } from '../../core/permissions.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import type { Database } from '../../prisma/database.ts';
import type { AccountStatus } from '../../prisma/generated/database.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';

/** An organization with an active Safe account on a chain of its own, and what it could and could not pay with. */
export type Payer = {
  organizationId: string;
  accountId: string;
  /** A token of six decimals on the account's chain. */
  usdcId: string;
  nativeId: string;
  /** A token of another chain. */
  foreignId: string;
  factory: Address;
  implementation: Address;
  token: Address;
  accountAddress: Address;
  eip155ChainId: number;
};

export function randomAddress(): Address {
  return getAddress(`0x${randomBytes(20).toString('hex')}`);
}

/** The log of a test database; hints that cannot be sent fail the test. */
export function openLog(database: Database, appUrl: string): EventLog & { close: () => Promise<void> } {
  const onError = (error: unknown) => {
    throw error;
  };
  const hints = createPostgresHints({ database, listenUrl: appUrl, onError });
  return { database, hints, close: () => hints.close() };
}

export async function seedPayer(database: Database, status: AccountStatus = 'ACTIVE'): Promise<Payer> {
  const id = () => randomUUID();
  const organizationId = id();
  await database.insertInto('organization').values({ id: organizationId, name: 'Payer' }).execute();
  await database.insertInto('eventLogHead').values({ organizationId, head: 0n }).execute();
  const [factory, implementation, token, accountAddress] = [1, 2, 3, 4].map(randomAddress) as [
    Address,
    Address,
    Address,
    Address,
  ];
  const eip155ChainId = randomBytes(5).readUIntBE(0, 5);
  const chain = async (caip2: string, contracts: object) => {
    const chainId = id();
    const fields = { id: chainId, caip2, name: 'Test chain', family: 'EVM' as const, confirmedDepth: 2 };
    await database
      .insertInto('chain')
      .values({ ...fields, ...contracts })
      .execute();
    return chainId;
  };
  const asset = async (chainId: string, symbol: string, address: Address | null, decimals: number) => {
    const assetId = id();
    await database
      .insertInto('asset')
      .values({ id: assetId, chainId, caip19: id(), symbol, decimals, address })
      .execute();
    return assetId;
  };
  const contracts = { factoryAddress: factory, vaultImplementation: implementation };
  const home = await chain(`eip155:${eip155ChainId}`, { eip155ChainId: BigInt(eip155ChainId), ...contracts });
  const abroad = await chain(id(), {});
  const accountId = id();
  await database
    .insertInto('account')
    .values({
      id: accountId,
      organizationId,
      chainId: home,
      name: 'Treasury',
      status,
      custody: 'SAFE',
      address: accountAddress,
      threshold: 1,
      owners: [randomAddress()],
      saltNonce: 0n,
    })
    .execute();
  return {
    organizationId,
    accountId,
    usdcId: await asset(home, 'USDC', token, 6),
    nativeId: await asset(home, 'ETH', null, 18),
    foreignId: await asset(abroad, 'EURC', randomAddress(), 6),
    factory,
    implementation,
    token,
    accountAddress,
    eip155ChainId,
  };
}

/** Somebody with these roles in the organization; without any, a stranger to it. */
export async function seedContext(
  log: EventLog,
  organizationId: string,
  roles: readonly Role[],
): Promise<RequestContext> {
  const userId = randomUUID();
  await log.database.insertInto('appUser').values({ id: userId, displayName: 'Somebody' }).execute();
  if (roles.length > 0) {
    await log.database
      .insertInto('membership')
      .values({ organizationId, userId, roles: [...roles] })
      .execute();
  }
  return { log, viewer: { userId, sessionId: randomUUID() }, requestId: randomUUID() };
}

/** How many rows an organization has of all that an import writes. */
export async function countWritten(database: Database, organizationId: string) {
  const count = (table: string, column: string) =>
    sql`(select count(*)::int from ${sql.table(table)} where ${sql.ref(column)} = ${organizationId})`;
  const { rows } = await sql<Record<'batches' | 'payouts' | 'chunks' | 'events' | 'keys', number>>`select
    ${count('payout_batch', 'organization_id')} as batches, ${count('payout', 'organization_id')} as payouts,
    ${count('payout_chunk', 'organization_id')} as chunks, ${count('event', 'organization_id')} as events,
    ${count('idempotency_key', 'scope_id')} as keys`.execute(database);
  return rows[0];
}
