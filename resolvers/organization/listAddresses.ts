import type { Queryable } from '../../prisma/database.ts';

/** The addresses of all keys of a person, oldest first: what somebody shows to an organization that they joined themself. */
export async function listAddresses(database: Queryable, userId: string): Promise<string[]> {
  const signers = await database
    .selectFrom('signer')
    .select('address')
    .where('userId', '=', userId)
    .orderBy('id')
    .execute();
  return signers.map(({ address }) => address);
}
