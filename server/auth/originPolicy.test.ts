import { describe, expect, it } from 'vitest';
import { createOriginPolicy } from './originPolicy.ts';

describe('the origin policy', () => {
  it('knows one origin, and others it is told of', () => {
    const policy = createOriginPolicy('https://api.example.com', ['https://app.example.com']);
    expect(policy.isAllowed('https://api.example.com')).toBe(true);
    expect(policy.isAllowed('https://app.example.com')).toBe(true);
    for (const other of [
      'http://api.example.com',
      'https://api.example.com.evil.example',
      'https://evil.example',
      'null',
      '',
    ]) {
      expect(policy.isAllowed(other)).toBe(false);
    }
  });

  it('takes requests that no page sent', () => {
    expect(createOriginPolicy('https://api.example.com').isAllowed(undefined)).toBe(true);
  });

  it('takes this machine’s names for one another on the same port, and no name that merely resolves to it', () => {
    const policy = createOriginPolicy('http://localhost:4000');
    expect(policy.isAllowed('http://127.0.0.1:4000')).toBe(true);
    expect(policy.isAllowed('http://[::1]:4000')).toBe(true);
    expect(policy.isAllowed('http://localhost:4001')).toBe(false);
    expect(policy.isAllowed('http://rebound.example:4000')).toBe(false);
  });

  it('names the page’s origin only when it is allowed', () => {
    const policy = createOriginPolicy('https://api.example.com', ['https://app.example.com']);
    expect(policy.pageOrigin('https://app.example.com')).toBe('https://app.example.com');
    expect(policy.pageOrigin('https://evil.example')).toBe('https://api.example.com');
    expect(policy.pageOrigin(undefined)).toBe('https://api.example.com');
  });
});
