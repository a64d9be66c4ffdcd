import fc from 'fast-check';
import { createSiweMessage } from 'viem/siwe';
import { describe, expect, it } from 'vitest';
import { checkSignInMessage } from './checkSignInMessage.ts';
import { CodecError } from './codecError.ts';

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const now = new Date('2026-11-20T12:00:00.000Z');
const expected = { address, chainId: 31_337, origin: 'http://localhost:4000', now } as const;

function message(change: Partial<Parameters<typeof createSiweMessage>[0]> = {}): string {
  return createSiweMessage({
    address,
    chainId: 31_337,
    domain: 'localhost:4000',
    uri: 'http://localhost:4000',
    version: '1',
    statement: 'Sign in to Protocol Banks.',
    nonce: '0123456789abcdef0123456789abcdef',
    issuedAt: now,
    expirationTime: new Date(now.getTime() + 300_000),
    ...change,
  });
}

describe('checkSignInMessage', () => {
  it('accepts a sign-in to the own API by the own wallet', () => {
    expect(() => checkSignInMessage(message(), expected)).not.toThrow();
  });

  const changes: [string, Partial<Parameters<typeof createSiweMessage>[0]>][] = [
    ['another site', { domain: 'example.com' }],
    ['another uri', { uri: 'http://example.com' }],
    ['another wallet', { address: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC' }],
    ['another chain', { chainId: 1 }],
    ['long ago', { issuedAt: new Date(now.getTime() - 3_600_000) }],
    ['good for ever', { expirationTime: new Date('2099-01-01T00:00:00.000Z') }],
    ['with resources', { resources: ['https://example.com/'] }],
    ['with a request id', { requestId: 'x' }],
  ];
  it.each(changes)('refuses one that is %s', (_name, change) => {
    expect(() => checkSignInMessage(message(change), expected)).toThrow(CodecError);
  });

  it('refuses any other text, one of 32 bytes above all: a Safe would take its signature for a digest’s', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 0, maxLength: 400 }), (text) => {
        expect(() => checkSignInMessage(text, expected)).toThrow(CodecError);
      }),
    );
    expect(() => checkSignInMessage('a'.repeat(32), expected)).toThrow(CodecError);
  });

  it('refuses a sign-in with one character changed, added or left out', () => {
    const text = message();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        fc.pre(changed !== text);
        // Nonce and statement are the server's to choose, from the sign before them to the one behind; everything else is known.
        const isFree = /^(?:[0-9a-f]|[\x20-\x7e])$/.test(put);
        const inFree = text.indexOf('Sign in to') - 1 <= at && at <= text.indexOf('\n\nURI');
        const inNonce = text.indexOf('Nonce: ') + 6 <= at && at <= text.indexOf('\nIssued');
        const inDates = text.indexOf('Issued At: ') <= at;
        fc.pre(!inFree && !inNonce && !inDates && (isFree || put.length !== 1));
        expect(() => checkSignInMessage(changed, expected)).toThrow(CodecError);
      }),
      { examples: [[text.indexOf('Nonce: ') + 6, ' A']] },
    );
  });
});
