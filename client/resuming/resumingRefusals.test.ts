import { gql } from '@urql/core';
import { describe, expect, test, vi } from 'vitest';
import { ENTRIES, eachTestHasLog, kindOf, upTo } from './followedLog.testkit.ts';
import { REFUSALS_UNTIL_TOLD } from './timing.ts';

const FAILS = gql`subscription Fails($code: String!) { fails(code: $code) { cursor } }`;

const log = eachTestHasLog();
const { setUp, fromStart } = log;

describe('refusals', () => {
  test.each([
    ['begins anew by default', undefined, [4]],
    ['goes on where the app says', () => ({ after: log.server.cursorOf(2) }), [3, 4]],
  ])('a lost position %s, and the app is told', async (_, onCursorLost, numbers) => {
    log.server.append(3);
    log.server.prune(2);
    const { live, follow } = setUp(onCursorLost === undefined ? {} : { onCursorLost });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.errors).toEqual(['CURSOR_EXPIRED']);
    expect(one.isEnded).toBe(false);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    log.server.append(1);
    await expect.poll(() => one.numbers).toEqual(numbers);
  });

  test('a lost position tells what was asked for and what there is, and may end the subscription', async () => {
    log.server.append(3);
    log.server.prune(2);
    const onCursorLost = vi.fn(() => undefined);
    const one = setUp({ onCursorLost }).follow(ENTRIES, fromStart());
    await expect.poll(() => one.isEnded).toBe(true);
    expect(onCursorLost).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        code: 'CURSOR_EXPIRED',
        after: log.server.cursorOf(0),
        oldest: log.server.cursorOf(2),
      }),
    );
  });

  test('a position of another log that is answered with another such one ends', async () => {
    const onCursorLost = vi.fn(() => ({ after: 'nonsense' }));
    const one = setUp({ onCursorLost }).follow(ENTRIES, { after: 'nonsense' });
    await expect.poll(() => one.isEnded).toBe(true);
    expect(new Set(one.errors)).toEqual(new Set(['CURSOR_INVALID']));
    expect(onCursorLost).toHaveBeenCalledTimes(2);
  });

  test('an ended session is renewed once for all, and everything goes on', async () => {
    log.server.accept('first');
    log.server.append(1);
    let token = 'first';
    const onUnauthenticated = vi.fn(async () => {
      token = 'second';
      return true;
    });
    const { live, follow } = setUp({ connectionParams: () => ({ token }), onUnauthenticated });
    const followers = [follow(ENTRIES, fromStart()), follow(ENTRIES, { after: log.server.cursorOf(1) })];
    await expect.poll(() => followers[0]?.numbers).toEqual(upTo(1));
    log.server.accept('second');
    log.server.append(1);
    await expect.poll(() => followers.map(({ numbers }) => numbers)).toEqual([upTo(2), [2]]);
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    expect(log.server.tokens).toEqual(['first', 'second']);
    expect(followers.flatMap(({ errors }) => errors)).toEqual([]);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
  });

  test.each([
    ['is not renewed', async () => false],
    ['is renewed without effect', async () => true],
  ])('a session that %s ends everything, and a later subscription tries anew', async (_, renew) => {
    log.server.accept('good');
    const onUnauthenticated = vi.fn(renew);
    let token = 'bad';
    const { live, states, follow } = setUp({ connectionParams: () => ({ token }), onUnauthenticated });
    const followers = [
      follow(ENTRIES, fromStart()),
      follow(ENTRIES, { after: log.server.cursorOf(0), more: 1 }),
    ];
    await expect.poll(() => followers.map(({ isEnded }) => isEnded)).toEqual([true, true]);
    expect(followers.map(({ errors }) => errors)).toEqual([['UNAUTHENTICATED'], ['UNAUTHENTICATED']]);
    expect(kindOf(live)).toBe('ENDED');
    expect(states.at(-1)).toBe('ENDED');
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    token = 'good';
    log.server.append(1);
    const again = follow(ENTRIES, fromStart());
    await expect.poll(() => again.numbers).toEqual(upTo(1));
  });

  test('what will never work ends one subscription with its error, and no other', async () => {
    const { live, follow } = setUp();
    const good = follow(ENTRIES, fromStart());
    const bad = follow(FAILS, { code: 'FORBIDDEN' });
    const wrong = follow(gql`subscription { unknown { cursor } }`);
    await expect.poll(() => [bad.isEnded, wrong.isEnded]).toEqual([true, true]);
    expect(bad.errors).toEqual(['FORBIDDEN']);
    expect(wrong.errors[0]).toMatch(/unknown/);
    log.server.append(1);
    await expect.poll(() => good.numbers).toEqual(upTo(1));
    await expect.poll(() => kindOf(live)).toBe('LIVE');
  });

  test('what may work later is tried again, and told when it lasts', async () => {
    log.server.append(1);
    const { live, states, follow } = setUp();
    log.server.refuse('INTERNAL', REFUSALS_UNTIL_TOLD - 1);
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    expect(one.errors).toEqual([]);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    log.server.refuse('INTERNAL', REFUSALS_UNTIL_TOLD + 1);
    const other = follow(ENTRIES, { ...fromStart(), more: 1 });
    expect(kindOf(live)).toBe('CATCHING_UP');
    await expect.poll(() => other.numbers).toEqual(upTo(1));
    expect(other.errors).toEqual(['INTERNAL']);
    expect(one.errors).toEqual([]);
    // While one is refused, not everything is shown as it is.
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(states).toEqual(['CONNECTING', 'CATCHING_UP', 'LIVE', 'CATCHING_UP', 'LIVE']);
  });
});
