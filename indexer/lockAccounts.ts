import type { DatabaseTransaction } from '../prisma/database.ts';
import type { AccountStatus } from '../prisma/generated/database.ts';
import type { AccountFact } from './blockFacts.ts';

/** An account as it was before the block. */
export type LockedAccount = {
  readonly id: string;
  readonly organizationId: string;
  readonly status: AccountStatus;
  readonly owners: string[];
  readonly threshold: number;
  readonly safeNonce: bigint;
  /** Null: adopted, not made here. */
  readonly saltNonce: bigint | null;
};

/** Whether a Safe is to be adopted and was not read yet. */
export function isAdopting({ status, saltNonce }: LockedAccount): boolean {
  return status === 'OPENING' && saltNonce === null;
}

/** Locks accounts, in the order in which everybody locks them. */
export async function lockAccounts(
  database: DatabaseTransaction,
  accountIds: ReadonlySet<string>,
): Promise<LockedAccount[]> {
  if (accountIds.size === 0) return [];
  return database
    .selectFrom('account')
    .select(['id', 'organizationId', 'status', 'owners', 'threshold', 'safeNonce', 'saltNonce'])
    .where('id', 'in', [...accountIds])
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** Whether both have the same owners, in whatever order. */
export function haveSameOwners(one: Pick<LockedAccount, 'owners'>, other: Pick<AccountFact, 'owners'>) {
  const owners = new Set(one.owners);
  return owners.size === other.owners.length && other.owners.every((owner) => owners.has(owner));
}
