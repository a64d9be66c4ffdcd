import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEventCursor, encodeEventCursor } from './eventCursor.ts';

const MAX = (1n << 63n) - 1n;

test('a cursor reads back, for its own organization only', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), fc.bigInt(0n, MAX), (organizationId, other, number) => {
      const cursor = encodeEventCursor(organizationId, number);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeEventCursor(organizationId, cursor)).toBe(number);
      fc.pre(other !== organizationId);
      expect(() => decodeEventCursor(other, cursor)).toThrow(
        expect.objectContaining({ code: 'CURSOR_INVALID' }),
      );
    }),
  );
});

test('anything else is refused, and nothing has two cursors', () => {
  const organizationId = '019a0000-0000-7000-8000-000000000000';
  const good = encodeEventCursor(organizationId, 7n);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.string().map((text) => good + text),
      ),
      (text) => {
        fc.pre(text !== good);
        expect(() => decodeEventCursor(organizationId, text)).toThrow(
          expect.objectContaining({ code: 'CURSOR_INVALID' }),
        );
      },
    ),
  );
  for (const number of ['07', '-1', '1.0', '', String(MAX + 1n), '99999999999999999999']) {
    const forged = Buffer.from(`e1:${organizationId.replaceAll('-', '')}:${number}`).toString('base64url');
    expect(() => decodeEventCursor(organizationId, forged)).toThrow();
  }
});
