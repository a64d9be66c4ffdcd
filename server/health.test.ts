import { expect, test, vi } from 'vitest';
import { createHealth } from './health.ts';
import { createLogger } from './logger.ts';

test('is ready when every check is well', async () => {
  const health = createHealth();
  expect(await health.report()).toEqual({ ready: true, reasons: [] });
  health.add('database', async () => null);
  expect(await health.report()).toEqual({ ready: true, reasons: [] });
});

test('names each check that is not, and shows nothing of an exception', async () => {
  const health = createHealth();
  health.add('fine', async () => null);
  health.add('chain', async () => 'no block has been indexed yet');
  health.add('database', async () => {
    throw new Error('password authentication failed for user postgres at 10.0.0.1');
  });
  expect(await health.report()).toEqual({
    ready: false,
    reasons: [
      { check: 'chain', reason: 'no block has been indexed yet' },
      { check: 'database', reason: 'the check failed' },
    ],
  });
});

test('of a group one check that is well is enough; what only tells takes nothing down', async () => {
  const health = createHealth();
  const reasons = new Map<string, string>();
  for (const name of ['eip155:1', 'eip155:8453']) {
    health.add(name, async () => reasons.get(name) ?? null, { group: 'chains' });
  }
  health.add('nodes eip155:1', async () => 'node 2 is FAILING', { group: null });
  const told = { check: 'nodes eip155:1', reason: 'node 2 is FAILING' };
  expect(await health.report()).toEqual({ ready: true, reasons: [told] });
  reasons.set('eip155:1', 'no block');
  const dead = { check: 'eip155:1', reason: 'no block' };
  expect(await health.report()).toEqual({ ready: true, reasons: [dead, told] });
  reasons.set('eip155:8453', 'no block');
  expect(await health.report()).toMatchObject({ ready: false, reasons: { length: 3 } });
});

test('the cause of a failure is logged, once until it changes', async () => {
  const logger = createLogger('test', 'silent');
  const warn = vi.spyOn(logger, 'warn');
  const info = vi.spyOn(logger, 'info');
  const health = createHealth(logger);
  const refused = new Error('connection refused at 10.0.0.1');
  let check = async (): Promise<string | null> => Promise.reject(refused);
  health.add('database', () => check());
  await health.report();
  await health.report();
  expect(warn.mock.calls).toEqual([
    [{ check: 'database', reason: 'the check failed', err: refused }, 'a health check fails'],
  ]);
  check = async () => null;
  await health.report();
  await health.report();
  expect(info.mock.calls).toEqual([[{ check: 'database' }, 'a health check is well again']]);
  check = async () => 'it is slow';
  await health.report();
  expect(warn).toHaveBeenCalledTimes(2);
});
