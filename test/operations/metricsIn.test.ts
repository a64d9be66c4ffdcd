import { expect, test } from 'vitest';
import { metricsIn } from './metricsIn.ts';

test('metrics are told from functions, words, labels, ranges and numbers', () => {
  const expression =
    'sum by (chain) (rate(a_total{b="c d", e=~"f|g"}[5m])) * 60 > 1e3 unless on (chain) h_x == 0 and time() - max(i:j) > 3';
  expect(metricsIn(expression)).toEqual([
    { name: 'a_total', labels: ['b', 'e'] },
    { name: 'h_x', labels: [] },
    { name: 'i:j', labels: [] },
  ]);
});

test('a metric that is no longer there is seen', () => {
  expect(metricsIn('payout_gone > 0')).toEqual([{ name: 'payout_gone', labels: [] }]);
});
