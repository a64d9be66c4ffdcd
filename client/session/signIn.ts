import type { Client } from '@urql/core';
import { checkSignInMessage } from '../../chains/evm/codec/checkSignInMessage.ts';
import { SignInChallengeDocument, SignInDocument } from '../generated/session/viewer.ts';
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
  const answer = await client
    .mutation(SignInDocument, { input: { message: asked.message, signature } })
    .toPromise();
  if (answer.error !== undefined) throw answer.error;
  const fault = answer.data?.sessionCreate?.userErrors[0];
  if (fault !== undefined) throw new WalletError(fault.message, null);
}
