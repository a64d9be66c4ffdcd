import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadUserInputError, LimitExceededError } from '../core/errors.ts';
import { decodeCursor, encodeCursor, type KeysetOrder, PageCursorInvalidError, pageSize } from './keyset.ts';

type Row = { id: string; index: number };
const ORDER: KeysetOrder<Row> = {
  name: 'row',
  direction: 'asc',
  columns: [
    { column: 'id', type: 'uuid' },
    { column: 'index', type: 'int' },
  ],
  keyOf: ({ id, index }) => [id, index],
};

describe('a page cursor', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(999_999_999), (id, index) => {
        expect(decodeCursor(ORDER, encodeCursor(ORDER, { id, index }))).toEqual([id, `${index}`]);
      }),
    );
  });

  it('is read back whatever text a key holds', () => {
    const byName: KeysetOrder<{ id: string; text: string }> = {
      name: 'text',
      direction: 'asc',
      columns: [
        { column: 'text', type: 'text' },
        { column: 'id', type: 'uuid' },
      ],
      keyOf: ({ id, text }) => [text, id],
    };
    const texts = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => text.isWellFormed() && !text.includes('\0'));
    fc.assert(
      fc.property(texts, fc.uuid(), (text, id) => {
        expect(decodeCursor(byName, encodeCursor(byName, { text, id }))).toEqual([text, id]);
      }),
    );
    const id = '00000000-0000-7000-8000-000000000000';
    for (const text of ['', '%00', '%', 'a:b']) {
      const cursor = Buffer.from(`text:${text}:${id}`).toString('base64url');
      expect(() => decodeCursor(byName, cursor)).toThrow(PageCursorInvalidError);
    }
  });

  it('is of one list', () => {
    const cursor = encodeCursor(
      { ...ORDER, name: 'other' },
      { id: '00000000-0000-7000-8000-000000000000', index: 1 },
    );
    expect(() => decodeCursor(ORDER, cursor)).toThrow(PageCursorInvalidError);
  });

  it('never lets anything through that is no key', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => Buffer.from(`row:${text}`).toString('base64url')),
        ),
        (text) => {
          expect(() => decodeCursor(ORDER, text)).toThrow(PageCursorInvalidError);
        },
      ),
    );
  });
});

describe('a page’s size', () => {
  it('is 20 unless told otherwise, and 100 at most', () => {
    expect(pageSize({})).toEqual({ size: 20, backward: false });
    expect(pageSize({ first: 100 })).toEqual({ size: 100, backward: false });
    expect(pageSize({ last: 3 })).toEqual({ size: 3, backward: true });
    for (const page of [{ first: 101 }, { last: 101 }]) {
      expect(() => pageSize(page)).toThrow(LimitExceededError);
    }
  });

  it('is one number, not below zero', () => {
    for (const page of [{ first: -1 }, { last: -1 }, { first: 1, last: 1 }, { first: 101, last: 1 }]) {
      expect(() => pageSize(page)).toThrow(BadUserInputError);
    }
  });
});
