import type { Client } from '@urql/core';
import { checkSignInMessage } from '../../chains/evm/codec/checkSignInMessage.ts';
import { SignInChallengeDocument, SignInDocument } from '../generated/session/viewer.ts';
import { rememberExpiry } from './lastSession.ts';
import { endMarkedSession, forgetSignedOutHere, rememberSignedOutHere } from './signedOutHere.ts';
import { type Wallet, WalletError } from './wallet.ts';

/**
 * Signs in with a wallet (EIP-4361): asks for the text, refuses any other text than a sign-in to this very page, and has it
 * signed. The session is a cookie that scripts cannot read.
 * @throws WalletError, CodecError when the text is not what it should be, Error with the server's words
 */
export async function signIn(client: Client, wallet: Wallet, chainId: number): Promise<void> {
  const challenge = await client
    .mutation(SignInChallengeDocument, { input: { address: wallet.address, chainId } })
    .toPromise();
  const asked = challenge.data?.sessionChallengeCreate;
  if (challenge.error !== undefined) throw challenge.error;
  if (asked?.message == null)
    throw new WalletError(asked?.userErrors[0]?.message ?? 'The server asked nothing.', null);
  checkSignInMessage(asked.message, {
    address: wallet.address,
    chainId,
    origin: location.origin,
    now: new Date(),
  });
  const signature = await wallet.signMessage(asked.message);
  // Ended later, it would be the new session that ends.
  const isEarlierEnded = await endMarkedSession(client);
  forgetSignedOutHere();
  try {
    await createSession(client, { message: asked.message, signature });
  } catch (error) {
    if (!isEarlierEnded) rememberSignedOutHere();
    throw error;
  }
}

async function createSession(client: Client, input: { message: string; signature: string }): Promise<void> {
  const { data, error } = await client.mutation(SignInDocument, { input }).toPromise();
  if (error !== undefined) throw error;
  const created = data?.sessionCreate;
  if (created?.expiresAt == null)
    throw new WalletError(created?.userErrors[0]?.message ?? 'The server made no session.', null);
  rememberExpiry(created.expiresAt);
}
