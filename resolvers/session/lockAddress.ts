import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../prisma/database.ts';

/** Until the transaction ends, others wait who count or create what belongs to this address. */
export async function lockAddress(database: DatabaseTransaction, address: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`address:${address}`}, 0))`.execute(database);
}
