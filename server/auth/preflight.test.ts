import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { bearerToken } from './bearerToken.ts';
import { isPreflighted } from './preflight.ts';

const request = (method: string, headers: Record<string, string> = {}) =>
  ({ method, headers }) as unknown as IncomingMessage;

describe('what another site’s page could send', () => {
  it.each([
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['text/plain', false],
    ['text/plain; application/json', false],
    ['application/json-patch', false],
    ['multipart/form-data; boundary=x', false],
    ['', false],
  ])('POST of %j is preflighted: %j', (contentType, expected) => {
    expect(isPreflighted(request('POST', { 'content-type': contentType }), true)).toBe(expected);
    expect(isPreflighted(request('POST', { 'content-type': contentType }), false)).toBe(expected);
  });

  it('is anything with the header', () => {
    const headers = { 'content-type': 'text/plain', 'graphql-require-preflight': '' };
    expect(isPreflighted(request('POST', headers), true)).toBe(true);
  });

  it('is a GET only while nobody is behind it', () => {
    expect(isPreflighted(request('GET'), false)).toBe(true);
    expect(isPreflighted(request('GET'), true)).toBe(false);
  });
});

describe('the bearer token', () => {
  it('is read from an Authorization header and nothing else', () => {
    expect(bearerToken('Bearer abc')).toBe('abc');
    expect(bearerToken('bearer  abc ')).toBe('abc');
    for (const other of ['Basic abc', 'Bearer', 'Bearer a b', '', undefined, 7])
      expect(bearerToken(other)).toBeNull();
  });
});
