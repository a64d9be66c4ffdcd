import { sql } from 'kysely';
import type { KnownAddress } from '../../payroll/checks/lookAlikes.ts';
import type { Queryable } from '../../prisma/database.ts';

const MAX_PAYEE_ADDRESSES = 100_000;
/** The newest batches that the chain has paid, as far as they have so many payouts together. */
const MAX_PAID_PAYOUTS = 100_000;
const MAX_TRANSFERS_PER_ACCOUNT = 5_000;
const MAX_DUST_SENDERS = 10_000;
const DUST_WINDOW_DAYS = 90;
/** Less than one whole unit of an asset, a dollar of a dollar's token, is a trifle. */
const MAX_DUST_WHOLE_UNITS = 1;

/**
 * Addresses that mean something to an organization, on whatever EVM chain: its payees', those it paid, its approvers' and
 * accounts', and those that sent it trifles lately. Each kind up to its limit, the newest first where there is a time.
 */
export async function findKnownAddresses(
  database: Queryable,
  organizationId: string,
): Promise<KnownAddress[]> {
  const parts = await Promise.all([
    listPayeeAddresses(database, organizationId),
    listOwnAddresses(database, organizationId),
    listPaid(database, organizationId),
    listDirectlyPaid(database, organizationId),
    listDustSenders(database, organizationId),
  ]);
  return parts.flat();
}

async function listPayeeAddresses(database: Queryable, organizationId: string): Promise<KnownAddress[]> {
  const { rows } = await sql<KnownAddress>`
    select destination.address, 'PAYEE' as kind, payee.name
    from payee_destination destination join payee on payee.id = destination.payee_id
    where destination.organization_id = ${organizationId} and payee.archived_at is null
    order by destination.payee_id desc
    limit ${MAX_PAYEE_ADDRESSES}`.execute(database);
  return rows;
}

async function listOwnAddresses(database: Queryable, organizationId: string): Promise<KnownAddress[]> {
  const { rows } = await sql<KnownAddress>`
    select address, 'ACCOUNT' as kind, name from account
    where organization_id = ${organizationId} and status = 'ACTIVE'
    union all
    select distinct unnest(owners), 'OWNER', null from account
    where organization_id = ${organizationId} and status = 'ACTIVE'
    union all
    select unnest(addresses), 'OWNER', null from membership
    where organization_id = ${organizationId}`.execute(database);
  return rows;
}

/** Recipients of what was final. A draft, or what nobody approved, makes nobody known. */
async function listPaid(database: Queryable, organizationId: string): Promise<KnownAddress[]> {
  const { rows } = await sql<KnownAddress>`
    with newest as (
      select id, sum(payout_count) over (order by id desc) as payouts_so_far from payout_batch
      where organization_id = ${organizationId} and status in ('COMPLETED', 'PARTIALLY_FAILED')
    )
    select distinct payout.recipient as address, 'PAID' as kind, null as name
    from newest join payout on payout.batch_id = newest.id
    where newest.payouts_so_far <= ${MAX_PAID_PAYOUTS}
      and not exists (
        select from payout_exception failed
        where failed.batch_id = payout.batch_id and failed.row_index = payout.row_index
          and failed.status <> 'FINAL')`.execute(database);
  return rows;
}

/** Whom owners paid by other means. Transfers of nothing, which anybody can make in anybody's name, are not indexed. */
async function listDirectlyPaid(database: Queryable, organizationId: string): Promise<KnownAddress[]> {
  const { rows } = await sql<KnownAddress>`
    select distinct recent.counterparty as address, 'PAID' as kind, null as name
    from account cross join lateral (
      select counterparty from transfer
      where transfer.account_id = account.id and direction = 'OUT' and status = 'FINAL'
      order by id desc limit ${MAX_TRANSFERS_PER_ACCOUNT}
    ) as recent
    where account.organization_id = ${organizationId}`.execute(database);
  return rows;
}

async function listDustSenders(database: Queryable, organizationId: string): Promise<KnownAddress[]> {
  const { rows } = await sql<KnownAddress>`
    select distinct recent.counterparty as address, 'DUST_SENDER' as kind, null as name
    from account cross join lateral (
      select counterparty, asset_id, units from transfer
      where transfer.account_id = account.id and direction = 'IN' and status <> 'REORGED'
        and occurred_at > now() - ${DUST_WINDOW_DAYS} * interval '1 day'
      order by id desc limit ${MAX_TRANSFERS_PER_ACCOUNT}
    ) as recent
    join asset on asset.id = recent.asset_id
    where account.organization_id = ${organizationId}
      and recent.units < ${MAX_DUST_WHOLE_UNITS} * 10::numeric ^ asset.decimals
    limit ${MAX_DUST_SENDERS}`.execute(database);
  return rows;
}
