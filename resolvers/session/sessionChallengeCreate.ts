import { sql } from 'kysely';
import type { Address } from 'viem';
import { createSiweMessage } from 'viem/siwe';
import { LimitExceededError, refuse } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireEvmAddress } from '../requireEvmAddress.ts';
import { lockAddress } from './lockAddress.ts';
import { signInNonce } from './signInNonce.ts';

/** How long a sign-in message can be answered. */
export const CHALLENGE_LIFETIME_MS = 5 * 60_000;
/**
 * Anybody can ask for a message for anybody's wallet, so that a wallet's number of them refuses nobody: only a client's own
 * does. Beyond this many the oldest is dropped, which a wallet that signs at once does not notice.
 */
export const MAX_OPEN_CHALLENGES_PER_ADDRESS = 10_000;
export const MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS = 10;
/** Dead challenges taken away with each new one, so that the table stays as small as its traffic. */
const MAX_CHALLENGES_PRUNED = 50;

const STATEMENT = 'Sign in to Protocol Banks. This costs nothing and moves nothing.';

export const SESSION_CHALLENGE_CREATE_FAULTS = {
  ADDRESS_INVALID: 'The address is not an EVM address, or its checksum (EIP-55) is wrong.',
  CHAIN_UNKNOWN: 'The chain id is not one of the chains that this system knows.',
} as const;

export type SessionChallengeCreateInput = {
  address: string;
  /** EIP-155 chain id. */
  chainId: number;
  /** The origin that the person signs in on, as in `https://app.example.com`. */
  origin: string;
  /** From where the request comes, as limits count it; null where that is not known. */
  client: string | null;
};

/**
 * Makes the message that a wallet signs to sign in (EIP-4361): for one address, chain and origin, with a nonce that is
 * good once and for five minutes. Needs nothing.
 * @throws UserFaultsError with a code of SESSION_CHALLENGE_CREATE_FAULTS; LimitExceededError
 */
export async function sessionChallengeCreate(
  context: RequestContext,
  input: SessionChallengeCreateInput,
): Promise<{ message: string; expiresAt: Date }> {
  const address = requireEvmAddress(input.address, {
    message: `"${input.address.slice(0, 100)}" is not an EVM address with a right checksum.`,
  });
  await requireKnownChain(context, input.chainId);
  const issuedAt = new Date();
  const expiresAt = new Date(issuedAt.getTime() + CHALLENGE_LIFETIME_MS);
  const nonce = signInNonce();
  const message = createSiweMessage({
    address,
    chainId: input.chainId,
    domain: new URL(input.origin).host,
    uri: input.origin,
    version: '1',
    statement: STATEMENT,
    nonce,
    issuedAt,
    expirationTime: expiresAt,
  });
  await context.log.database.transaction().execute(async (database) => {
    await pruneChallenges(database);
    await lockAddress(database, address);
    await requireFewChallenges(database, address, input.client);
    await dropOldest(database, address);
    await database
      .insertInto('signInChallenge')
      .values({ nonce, address, message, client: input.client, expiresAt })
      .execute();
  });
  return { message, expiresAt };
}

async function requireKnownChain(context: RequestContext, chainId: number): Promise<void> {
  const chain = await context.log.database
    .selectFrom('chain')
    .select('id')
    .where('eip155ChainId', '=', BigInt(chainId))
    .executeTakeFirst();
  if (chain === undefined) {
    refuse('CHAIN_UNKNOWN', `Chain ${chainId} is not served here.`, ['input', 'chainId']);
  }
}

async function requireFewChallenges(
  database: DatabaseTransaction,
  address: Address,
  client: string | null,
): Promise<void> {
  const own = await database
    .selectFrom('signInChallenge')
    .select('nonce')
    .where('address', '=', address)
    .where('client', 'is not distinct from', client)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', sql<Date>`now()`)
    .limit(MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS)
    .execute();
  if (own.length >= MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS) {
    throw new LimitExceededError(
      'MAX_OPEN_CHALLENGES_PER_CLIENT_AND_ADDRESS',
      'Too many sign-in messages that you asked for wait for this address. Answer one, or wait five minutes.',
    );
  }
}

/** Makes room for one more. The address is locked. */
async function dropOldest(database: DatabaseTransaction, address: Address): Promise<void> {
  await sql`
    delete from sign_in_challenge where nonce in (
      select nonce from sign_in_challenge where address = ${address} and used_at is null
      order by expires_at desc offset ${MAX_OPEN_CHALLENGES_PER_ADDRESS - 1})`.execute(database);
}

async function pruneChallenges(database: DatabaseTransaction): Promise<void> {
  await sql`
    delete from sign_in_challenge where nonce in (
      select nonce from sign_in_challenge where expires_at < now()
      order by expires_at limit ${MAX_CHALLENGES_PRUNED} for update skip locked)`.execute(database);
}
