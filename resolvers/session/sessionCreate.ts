import { timingSafeEqual } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import { type Address, getAddress, type Hex, isAddressEqual, recoverMessageAddress } from 'viem';
import { parseSiweMessage } from 'viem/siwe';
import { refuse, required } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { SignInChallengeTable } from '../../prisma/generated/database.ts';
import type { RequestContext, Viewer } from '../requestContext.ts';
import { findOrCreateSigner, shortAddress } from './findOrCreateSigner.ts';
import { hashSessionToken, newSessionToken } from './sessionToken.ts';

export const SESSION_LIFETIME_MS = 24 * 3600_000;
/** With one more, the oldest session of the person ends. */
export const MAX_LIVE_SESSIONS_PER_USER = 50;
const MAX_MESSAGE_CHARACTERS = 2_000;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;

export const SESSION_CREATE_FAULTS = {
  MESSAGE_INVALID: 'The message is not one that `sessionChallengeCreate` gave out, to the letter.',
  DOMAIN_MISMATCH: 'The message is for another site than this one.',
  CHALLENGE_EXPIRED: 'The message is too old: ask for a new one.',
  CHALLENGE_USED: 'Somebody signed in with this message already: ask for a new one.',
  SIGNATURE_INVALID: 'The signature is not one of the message by the address that it names.',
} as const;

export type SessionCreateInput = {
  /** As it was signed. */
  message: string;
  /** 65 bytes by EIP-191 (`personal_sign`). Contract wallets (EIP-1271) cannot sign in: no node is asked here. */
  signature: Hex;
  /** The origin that the request came from. */
  origin: string;
};

export type CreatedSession = { token: string; expiresAt: Date; viewer: Viewer };

/**
 * Signs in with a signed message (EIP-4361). A wallet's first sign-in makes its user. Its challenge is spent in the
 * transaction that makes the session: of two requests with one message, one gets in.
 * @throws UserFaultsError with a code of SESSION_CREATE_FAULTS
 */
export async function sessionCreate(
  context: RequestContext,
  input: SessionCreateInput,
): Promise<CreatedSession> {
  const { address, nonce } = readMessage(input);
  await requireSignature(input, address);
  const token = newSessionToken();
  const tokenHash = required(hashSessionToken(token), 'The hash of a new token');
  const expiresAt = new Date(Date.now() + SESSION_LIFETIME_MS);
  const viewer = await context.log.database.transaction().execute(async (database) => {
    await spendChallenge(database, nonce, input.message);
    const { signerId, userId } = await findOrCreateSigner(database, address, shortAddress(address));
    await database.updateTable('signer').set({ lastUsedAt: new Date() }).where('id', '=', signerId).execute();
    const session = await database
      .insertInto('session')
      .values({ userId, tokenHash, expiresAt })
      .returning('id')
      .executeTakeFirstOrThrow();
    await endOldestSessions(database, userId);
    return { userId, sessionId: session.id };
  });
  return { token, expiresAt, viewer };
}

function readMessage({ message, origin }: SessionCreateInput): { address: Address; nonce: string } {
  const path = ['input', 'message'];
  const { address, nonce, domain, uri } =
    message.length <= MAX_MESSAGE_CHARACTERS ? parseSiweMessage(message) : {};
  if (address === undefined || nonce === undefined) {
    refuse('MESSAGE_INVALID', 'This is not a sign-in message (EIP-4361).', path);
  }
  if (domain !== new URL(origin).host || uri !== origin) {
    refuse('DOMAIN_MISMATCH', `This message signs in to ${domain}, not to ${new URL(origin).host}.`, path);
  }
  return { address: required(address, 'The address'), nonce: required(nonce, 'The nonce') };
}

async function requireSignature({ message, signature }: SessionCreateInput, address: Address): Promise<void> {
  const path = ['input', 'signature'];
  if (!SIGNATURE.test(signature)) {
    refuse('SIGNATURE_INVALID', 'A signature of a wallet has 65 bytes.', path);
  }
  let signedBy: Address | null;
  try {
    signedBy = await recoverMessageAddress({ message, signature });
  } catch {
    signedBy = null;
  }
  if (signedBy === null || !isAddressEqual(signedBy, address)) {
    refuse('SIGNATURE_INVALID', `This is not a signature of the message by ${getAddress(address)}.`, path);
  }
}

/** The message that was signed must be the one given out, byte by byte: chain, dates, address and statement with it. */
async function spendChallenge(database: DatabaseTransaction, nonce: string, message: string): Promise<void> {
  const path = ['input', 'message'];
  const challenge = await database
    .selectFrom('signInChallenge')
    .selectAll()
    .where('nonce', '=', nonce)
    .forUpdate()
    .executeTakeFirst();
  if (challenge === undefined || !isSame(challenge, message)) {
    return refuse('MESSAGE_INVALID', 'This message was not given out here, or was changed since.', path);
  }
  if (challenge.usedAt !== null) {
    refuse('CHALLENGE_USED', 'This message was used to sign in already. Ask for a new one.', path);
  }
  if (challenge.expiresAt.getTime() <= Date.now()) {
    refuse('CHALLENGE_EXPIRED', 'This message is too old. Ask for a new one.', path);
  }
  await database
    .updateTable('signInChallenge')
    .set({ usedAt: new Date() })
    .where('nonce', '=', nonce)
    .where('usedAt', 'is', null)
    .execute();
}

function isSame(challenge: Selectable<SignInChallengeTable>, message: string): boolean {
  const expected = Buffer.from(challenge.message);
  const found = Buffer.from(message);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

async function endOldestSessions(database: DatabaseTransaction, userId: string): Promise<void> {
  await sql`
    update session set revoked_at = now() where id in (
      select id from session where user_id = ${userId} and revoked_at is null and expires_at > now()
      order by created_at desc, id desc offset ${MAX_LIVE_SESSIONS_PER_USER})`.execute(database);
}
