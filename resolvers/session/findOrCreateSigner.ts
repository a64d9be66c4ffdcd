import { type Address, getAddress } from 'viem';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { lockAddress } from './lockAddress.ts';

/** A wallet's name until its owner gives it another. */
const DEFAULT_LABEL = 'Wallet';

/**
 * The signer with this wallet address and its user; both are made when the address is new here.
 * @param displayName of a new user, and of one who has only the name that signing in made up; others keep theirs
 */
export async function findOrCreateSigner(
  database: DatabaseTransaction,
  address: Address,
  displayName: string,
): Promise<{ signerId: string; userId: string }> {
  const checksummed = getAddress(address);
  await lockAddress(database, checksummed);
  const signer = await database
    .selectFrom('signer')
    .select(['id as signerId', 'userId'])
    .where('address', '=', checksummed)
    .executeTakeFirst();
  if (signer !== undefined) {
    await database
      .updateTable('appUser')
      .set({ displayName })
      .where('id', '=', signer.userId)
      .where('displayName', '=', shortAddress(checksummed))
      .execute();
    return signer;
  }
  const user = await database
    .insertInto('appUser')
    .values({ displayName })
    .returning('id')
    .executeTakeFirstOrThrow();
  return database
    .insertInto('signer')
    .values({ userId: user.id, kind: 'WALLET', label: DEFAULT_LABEL, address: checksummed })
    .returning(['id as signerId', 'userId'])
    .executeTakeFirstOrThrow();
}

/** What a person is called who has not told: the ends of their address, as in "0x1234…abcd". */
export function shortAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
