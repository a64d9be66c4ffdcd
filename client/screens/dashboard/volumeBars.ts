const DAY_MS = 86_400_000;

type Entry = { day: string; total: { amount: string; asset: { id: string; symbol: string } } };
export type VolumeBars = {
  /** As `YYYY-MM-DD`, the oldest first, without a gap. */
  days: readonly string[];
  assets: readonly {
    symbol: string;
    /** The heights of the bars, one a day. */
    heights: readonly number[];
    /** The exact amounts that they stand for. */
    amounts: readonly string[];
  }[];
};

/** One bar a day and asset; days on which nothing was paid are there, too. */
export function barsOf(entries: readonly Entry[], dayCount: number, now: Date): VolumeBars {
  const days = Array.from({ length: dayCount }, (_, place) =>
    new Date(now.getTime() - (dayCount - 1 - place) * DAY_MS).toISOString().slice(0, 10),
  );
  const byAsset = new Map<string, { symbol: string; amounts: string[] }>();
  for (const { day, total } of entries) {
    const place = days.indexOf(day);
    if (place === -1) continue;
    const found = byAsset.get(total.asset.id) ?? { symbol: total.asset.symbol, amounts: days.map(() => '0') };
    found.amounts[place] = total.amount;
    byAsset.set(total.asset.id, found);
  }
  const assets = [...byAsset.values()].map(({ symbol, amounts }) => ({
    symbol,
    amounts,
    // Only how high a bar is drawn: what is read is the exact amount.
    heights: amounts.map(Number),
  }));
  return { days, assets };
}
