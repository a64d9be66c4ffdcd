import { type Selectable, sql } from 'kysely';
import { isUnproven, type SafeFault, type SafePart } from '../core/safeFaults.ts';
import type { NewEvent } from '../events/eventPayloads.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { AccountInspectionTable } from '../prisma/generated/database.ts';
import { ACCOUNT_TRANSITIONS } from '../transitions/accountStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { AccountFact, BlockFacts, InspectionFact } from './blockFacts.ts';
import { haveSameOwners, isAdopting, type LockedAccount } from './lockAccounts.ts';

type Inspected = {
  /** What was to be adopted and cannot be, or not before the node says more. */
  readonly withheldIds: ReadonlySet<string>;
  /** To be told once the accounts are written. */
  readonly changes: readonly NewEvent[];
};

/**
 * Keeps what accounts' Safes are made of at a block, and decides on those that are to be adopted: with any fault they are
 * REFUSED, which is told at once, unless all that is wrong is that the node did not prove its storage: then they stay as
 * they are, and are read again. What a Safe of an account that stands became is told as ACCOUNT_CHANGED.
 * @param accounts locked, as they were before the block
 */
export async function writeInspections(
  work: UnitOfWork,
  facts: Pick<BlockFacts, 'accounts' | 'inspections'>,
  accounts: ReadonlyMap<string, LockedAccount>,
  number: bigint,
): Promise<Inspected> {
  const { database } = work;
  const known = facts.inspections.flatMap((fact) => {
    const account = accounts.get(fact.accountId);
    // What is being deployed here does not stand yet; what stood and is gone was taken by a reorg.
    const isMissing = fact.faults.some(({ code }) => code === 'NO_CODE');
    return account === undefined || (isMissing && !isAdopting(account)) ? [] : [{ account, fact }];
  });
  if (known.length === 0) return { withheldIds: new Set(), changes: [] };
  const earlier = await readEarlier(database, [...accounts.keys()]);
  const strangers = await findStrangers(
    database,
    known.filter(({ account, fact }) => isAdopting(account) && fact.faults.length === 0),
  );
  const inspected = known.map(({ account, fact }) => ({
    account,
    fact: strangers.has(account.id)
      ? { ...fact, faults: [NO_KNOWN_OWNER] }
      : { ...fact, faults: faultsOf(account, fact, earlier.get(account.id)) },
  }));
  await upsertInspections(database, inspected, number);
  const withheld = inspected.filter(({ account, fact }) => isAdopting(account) && fact.faults.length > 0);
  await refuseAccounts(
    work,
    withheld.filter(({ fact }) => !fact.faults.every(isUnproven)),
  );
  const states = new Map(facts.accounts.map((fact) => [fact.accountId, fact]));
  return {
    withheldIds: new Set(withheld.map(({ account }) => account.id)),
    changes: inspected.flatMap(({ account, fact }) =>
      isAdopting(account)
        ? []
        : changeOf(account, states.get(account.id), fact, earlier.get(account.id) ?? null),
    ),
  };
}

const NO_KNOWN_OWNER: SafeFault = {
  code: 'NO_KNOWN_OWNER',
  message:
    'None of its owners is a key of a member of this organization, so nobody here could approve anything. Invite one of them first.',
};

/**
 * Of an account that stands, an unproven storage says nothing: it was made here or proven before, and what its owners did
 * since they could do without hiding it. What was found once stays until a proof says otherwise.
 */
function faultsOf(
  account: LockedAccount,
  { faults }: InspectionFact,
  earlier: InspectionRow | undefined,
): readonly SafeFault[] {
  if (!faults.some(isUnproven) || (isAdopting(account) && faults.every(isUnproven))) return faults;
  const found = isAdopting(account) ? [] : ((earlier?.faults ?? []) as SafeFault[]);
  return [
    ...faults.filter((fault) => !isUnproven(fault)),
    ...found.filter(({ code }) => code === 'STORAGE_UNKNOWN'),
  ];
}

type InspectionRow = Selectable<AccountInspectionTable>;
type InspectedAccount = { readonly account: LockedAccount; readonly fact: InspectionFact };

async function readEarlier(
  database: DatabaseTransaction,
  accountIds: readonly string[],
): Promise<Map<string, InspectionRow>> {
  const rows = await database
    .selectFrom('accountInspection')
    .selectAll()
    .where('accountId', 'in', [...accountIds])
    .execute();
  return new Map(rows.map((row) => [row.accountId, row]));
}

/** Of Safes that are to be adopted: those that no member of the organization owns with a key by which it knows them. */
async function findStrangers(
  database: DatabaseTransaction,
  adopting: readonly InspectedAccount[],
): Promise<Set<string>> {
  if (adopting.length === 0) return new Set();
  const rows = adopting.map(({ account, fact }) => ({
    id: account.id,
    organization_id: account.organizationId,
    owners: fact.owners,
  }));
  const { rows: strangers } = await sql<{ id: string }>`
    select fact.id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as fact (id uuid, organization_id uuid, owners jsonb)
    where not exists (
      select from membership
      where membership.organization_id = fact.organization_id
        and membership.addresses && array(select jsonb_array_elements_text(fact.owners)))`.execute(database);
  return new Set(strangers.map(({ id }) => id));
}

async function upsertInspections(
  database: DatabaseTransaction,
  inspected: readonly InspectedAccount[],
  number: bigint,
): Promise<void> {
  await database
    .insertInto('accountInspection')
    .values(
      inspected.map(({ account, fact }) => ({
        accountId: account.id,
        organizationId: account.organizationId,
        singleton: fact.singleton,
        version: fact.version,
        owners: [...fact.owners],
        modules: [...fact.modules],
        guard: fact.guard,
        fallbackHandler: fact.fallbackHandler,
        faults: JSON.stringify(fact.faults),
        blockNumber: number,
      })),
    )
    .onConflict((conflict) =>
      conflict.column('accountId').doUpdateSet((eb) => ({
        singleton: eb.ref('excluded.singleton'),
        version: eb.ref('excluded.version'),
        owners: eb.ref('excluded.owners'),
        modules: eb.ref('excluded.modules'),
        guard: eb.ref('excluded.guard'),
        fallbackHandler: eb.ref('excluded.fallbackHandler'),
        faults: eb.ref('excluded.faults'),
        blockNumber: eb.ref('excluded.blockNumber'),
      })),
    )
    .execute();
}

async function refuseAccounts(work: UnitOfWork, refused: readonly InspectedAccount[]): Promise<void> {
  if (refused.length === 0) return;
  await work.database
    .updateTable('account')
    .set({ status: 'REFUSED' })
    .where(
      'id',
      'in',
      refused.map(({ account }) => account.id),
    )
    .where('status', 'in', sourcesOf(ACCOUNT_TRANSITIONS, 'REFUSED'))
    .execute();
  for (const { account, fact } of refused) {
    work.record({
      organizationId: account.organizationId,
      type: 'ACCOUNT_REFUSED',
      subjectId: account.id,
      payload: { faults: [...fact.faults] },
    });
  }
}

/** What a Safe was before its first inspection is not known: then only what is wrong with it is told. */
function changeOf(
  account: LockedAccount,
  state: AccountFact | undefined,
  fact: InspectionFact,
  earlier: InspectionRow | null,
): NewEvent[] {
  const changed: SafePart[] = [];
  if (earlier !== null && earlier.singleton !== fact.singleton) changed.push('SINGLETON');
  if (account.status !== 'OPENING' && state !== undefined) {
    if (!haveSameOwners(account, state)) changed.push('OWNERS');
    if (account.threshold !== state.threshold) changed.push('THRESHOLD');
  }
  if ((earlier?.modules ?? []).join() !== fact.modules.join()) changed.push('MODULES');
  if ((earlier?.guard ?? null) !== fact.guard) changed.push('GUARD');
  if (earlier !== null && earlier.fallbackHandler !== fact.fallbackHandler) changed.push('FALLBACK_HANDLER');
  const hasSameFaults = messagesOf(earlier?.faults as SafeFault[] | undefined) === messagesOf(fact.faults);
  if (changed.length === 0 && hasSameFaults) return [];
  return [
    {
      organizationId: account.organizationId,
      type: 'ACCOUNT_CHANGED',
      subjectId: account.id,
      payload: { changed, faults: [...fact.faults] },
    },
  ];
}

function messagesOf(faults: readonly SafeFault[] | undefined): string {
  return (faults ?? []).map(({ message }) => message).join('\n');
}
