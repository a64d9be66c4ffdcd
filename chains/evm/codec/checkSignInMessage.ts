import { type Address, isAddressEqual } from 'viem';
import { createSiweMessage, parseSiweMessage } from 'viem/siwe';
import { CodecError } from './codecError.ts';

/** Clocks differ, and an answer takes its time. */
const MAX_CLOCK_DIFFERENCE_MS = 10 * 60_000;
const MAX_LIFETIME_MS = 60 * 60_000;
const NONCE = /^[a-zA-Z0-9]{8,128}$/;
const STATEMENT = /^[\x20-\x7e]{1,200}$/;

/** What the signer knows by itself. `origin`: of the API it means to sign in to, as in `https://api.example.com`. */
export type SignInExpectation = {
  readonly address: Address;
  readonly chainId: number;
  readonly origin: string;
  readonly now: Date;
};

/**
 * Refuses to sign anything but a sign-in (EIP-4361) to this origin by this wallet on this chain, now. A Safe accepts
 * signatures over prefixed messages: who signs whatever text a server hands out may be signing a Safe transaction.
 * @throws CodecError
 */
export function checkSignInMessage(message: string, expected: SignInExpectation): void {
  const { address, nonce, statement, issuedAt, expirationTime } = parseSiweMessage(message);
  if (address === undefined || !isAddressEqual(address, expected.address))
    throw fault('is not for this wallet');
  if (nonce === undefined || !NONCE.test(nonce)) throw fault('has no usable nonce');
  if (statement === undefined || !STATEMENT.test(statement)) throw fault('has no readable statement');
  if (issuedAt === undefined || expirationTime === undefined) throw fault('names no dates');
  const ageMs = expected.now.getTime() - issuedAt.getTime();
  const lifetimeMs = expirationTime.getTime() - issuedAt.getTime();
  if (Math.abs(ageMs) > MAX_CLOCK_DIFFERENCE_MS || lifetimeMs <= 0 || lifetimeMs > MAX_LIFETIME_MS) {
    throw fault('is not of now');
  }
  // Written again from what is known, to the letter: nothing else can hide in it.
  const rebuilt = createSiweMessage({
    address: expected.address,
    chainId: expected.chainId,
    domain: new URL(expected.origin).host,
    uri: expected.origin,
    version: '1',
    statement,
    nonce,
    issuedAt,
    expirationTime,
  });
  if (rebuilt !== message) throw fault(`is not a sign-in to ${expected.origin} on chain ${expected.chainId}`);
}

function fault(why: string): CodecError {
  return new CodecError('message', `the text to be signed ${why}.`);
}
