import { sql } from 'kysely';
import type { Address } from 'viem';
import type { Queryable } from '../../prisma/database.ts';
import type { Destination } from './payeeFields.ts';
import { textKey } from './textKey.ts';

const MAX_KEYS_PER_QUERY = 2_000;

export type FoundPayee = {
  readonly id: string;
  readonly name: string;
  readonly destinations: readonly (Destination & { decimals: number; symbol: string; chainName: string })[];
};

/** Those payees of an address book that lines may be for; archived ones are none. */
export type FoundPayees = {
  /** By the reference's textKey. */
  readonly byReference: ReadonlyMap<string, FoundPayee>;
  /** Ids of the payees who are paid at an address on the chain that was asked about, by name. */
  readonly byAddress: ReadonlyMap<string, readonly string[]>;
};

/**
 * Looks up the payees of an organization by references and, on one chain, by addresses (EIP-55). One index look-up each;
 * none at all where the address book is empty.
 */
export async function findPayees(
  database: Queryable,
  { organizationId, chainId }: { organizationId: string; chainId: string },
  { references, addresses }: { references: readonly string[]; addresses: readonly Address[] },
): Promise<FoundPayees> {
  const byReference = new Map<string, FoundPayee>();
  const byAddress = new Map<string, string[]>();
  const any = await database
    .selectFrom('payee')
    .select('id')
    .where('organizationId', '=', organizationId)
    .where('archivedAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (any === undefined) return { byReference, byAddress };
  for (const keys of parts([...new Set(references.map(textKey))])) {
    for (const { referenceKey, ...payee } of await findByReference(database, organizationId, keys)) {
      byReference.set(referenceKey, payee);
    }
  }
  for (const keys of parts([...new Set(addresses)])) {
    const rows = await database
      .selectFrom('payeeDestination')
      .innerJoin('payee', 'payee.id', 'payeeDestination.payeeId')
      .select(['payee.id', 'payeeDestination.address'])
      .distinct()
      .where('payeeDestination.organizationId', '=', organizationId)
      .where('payeeDestination.address', '=', sql<string>`any(${keys}::text[])`)
      .where('payeeDestination.chainId', '=', chainId)
      .where('payee.archivedAt', 'is', null)
      .execute();
    for (const { address, id } of rows) byAddress.set(address, [...(byAddress.get(address) ?? []), id]);
  }
  return { byReference, byAddress };
}

async function findByReference(database: Queryable, organizationId: string, keys: readonly string[]) {
  const payees = await database
    .selectFrom('payee')
    .select(['id', 'name', 'referenceKey'])
    .where('organizationId', '=', organizationId)
    .where('referenceKey', '=', sql<string>`any(${keys}::text[])`)
    .where('archivedAt', 'is', null)
    .execute();
  const destinations = await database
    .selectFrom('payeeDestination as destination')
    .innerJoin('asset', 'asset.id', 'destination.assetId')
    .innerJoin('chain', 'chain.id', 'destination.chainId')
    .select(['destination.payeeId', 'destination.chainId', 'destination.assetId', 'destination.address'])
    .select(['destination.shareMillionths', 'asset.decimals', 'asset.symbol', 'chain.name as chainName'])
    .where('destination.payeeId', '=', sql<string>`any(${payees.map(({ id }) => id)}::uuid[])`)
    .orderBy('destination.payeeId')
    .orderBy('destination.position')
    .execute();
  const byPayee = Map.groupBy(destinations, ({ payeeId }) => payeeId);
  return payees.map((payee) => ({ ...payee, destinations: byPayee.get(payee.id) ?? [] }));
}

function* parts<Key>(keys: readonly Key[]): Generator<Key[]> {
  for (let first = 0; first < keys.length; first += MAX_KEYS_PER_QUERY) {
    yield keys.slice(first, first + MAX_KEYS_PER_QUERY);
  }
}
