import { describe, expect, it } from 'vitest';
import { barsOf } from './volumeBars.ts';

const NOW = new Date('2026-03-02T00:30:00Z');
const usdc = { id: 'usdc', symbol: 'USDC' };
const eurc = { id: 'eurc', symbol: 'EURC' };

describe('barsOf', () => {
  it('has a bar for every day, oldest first, over the end of a month', () => {
    const bars = barsOf([{ day: '2026-02-28', total: { amount: '10.5', asset: usdc } }], 4, NOW);
    expect(bars.days).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    expect(bars.assets).toEqual([
      { symbol: 'USDC', amounts: ['0', '10.5', '0', '0'], heights: [0, 10.5, 0, 0] },
    ]);
  });

  it('keeps assets apart, and amounts exact', () => {
    const exact = '123456789012345678901234.000001';
    const bars = barsOf(
      [
        { day: '2026-03-02', total: { amount: exact, asset: usdc } },
        { day: '2026-03-02', total: { amount: '1', asset: eurc } },
        { day: '2025-01-01', total: { amount: '9', asset: eurc } },
      ],
      1,
      NOW,
    );
    expect(bars.assets.map(({ symbol, amounts }) => [symbol, amounts])).toEqual([
      ['USDC', [exact]],
      ['EURC', ['1']],
    ]);
  });
});
