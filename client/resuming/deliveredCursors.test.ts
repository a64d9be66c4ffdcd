import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDeliveredCursors } from './deliveredCursors.ts';

const entry = (cursor: string) => ({ cursor, isSnapshot: false, isWholeSnapshot: false });
const part = (cursor: string) => ({ cursor, isSnapshot: true, isWholeSnapshot: false });

/** What happens to a client: so many more entries exist, the connection breaks, so many old ones come again. */
const happening = fc.record({
  written: fc.nat({ max: 8 }),
  read: fc.nat({ max: 12 }),
  breaks: fc.boolean(),
  /** A server that replays from further back than it was asked to. */
  rewinds: fc.nat({ max: 15 }),
});

test('whatever breaks, and however far a server rewinds: each entry once, in order', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const cursors = createDeliveredCursors('c0', 20);
      const delivered: string[] = [];
      let last = 0;
      let at = 0;
      cursors.begin();
      for (const { written, read, breaks, rewinds } of happenings) {
        last += written;
        if (breaks) {
          at = Math.max(0, Number(cursors.resumeAfter()?.slice(1)) - rewinds);
          cursors.begin();
        }
        for (const end = Math.min(last, at + read); at < end; at += 1) {
          const cursor = `c${at + 1}`;
          if (cursors.take(entry(cursor))) delivered.push(cursor);
        }
      }
      expect(delivered).toEqual(delivered.map((_, index) => `c${index + 1}`));
      expect(cursors.resumeAfter()).toBe(`c${delivered.length}`);
    }),
  );
});

test('the memory is bounded, and forgets the oldest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 200 }), (bound, count) => {
      const cursors = createDeliveredCursors(null, bound);
      cursors.begin();
      for (let i = 0; i < count; i += 1) expect(cursors.take(entry(`${i}`))).toBe(true);
      const kept = Math.min(bound, count);
      cursors.begin();
      for (let i = count - kept; i < count; i += 1) expect(cursors.take(entry(`${i}`))).toBe(false);
      if (count > bound) expect(cursors.take(entry(`${count - kept - 1}`))).toBe(true);
    }),
  );
});

test('all parts of a snapshot are new, and no position before an entry follows', () => {
  const cursors = createDeliveredCursors(null);
  cursors.begin();
  expect([part('s'), part('s'), part('s')].map(cursors.take)).toEqual([true, true, true]);
  expect(cursors.resumeAfter()).toBeNull();
  expect(cursors.take(entry('e'))).toBe(true);
  expect(cursors.resumeAfter()).toBe('e');
  expect(cursors.take({ cursor: 'w', isSnapshot: true, isWholeSnapshot: true })).toBe(true);
  expect(cursors.resumeAfter()).toBe('w');
});

test('a fresh stream may begin with several messages of one cursor that do not say what they are', () => {
  const cursors = createDeliveredCursors(null);
  cursors.begin();
  expect([entry('s'), entry('s'), entry('e'), entry('s'), entry('e')].map(cursors.take)).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});

test('messages without a cursor always pass and move nothing; a restart forgets', () => {
  const cursors = createDeliveredCursors('a');
  cursors.begin();
  expect(cursors.take({ cursor: null, isSnapshot: false, isWholeSnapshot: false })).toBe(true);
  expect(cursors.take(entry('a'))).toBe(false);
  expect(cursors.resumeAfter()).toBe('a');
  cursors.restart('b');
  cursors.begin();
  expect([entry('b'), entry('a')].map(cursors.take)).toEqual([false, true]);
});
