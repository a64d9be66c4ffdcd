/** One figure of ours beside the same figure of each peer, from one run. `ratio`: ours ÷ the best peer; null without peers. */
export type BenchRow = {
  name: string;
  unit: string;
  ours: number;
  peers: Record<string, number>;
  ratio: number | null;
};

/** Which of two figures is better. */
export type Better = 'HIGHER' | 'LOWER';

/** A row with its ratio: of figures of which lower is better, the best peer's is the lowest. */
export function benchRow(
  name: string,
  unit: string,
  ours: number,
  peers: Record<string, number> = {},
  better: Better = 'HIGHER',
): BenchRow {
  const figures = Object.values(peers);
  const best = figures.length === 0 ? null : (better === 'HIGHER' ? Math.max : Math.min)(...figures);
  const shown = Object.fromEntries(Object.entries(peers).map(([peer, figure]) => [peer, rounded(figure)]));
  return {
    name,
    unit,
    ours: rounded(ours),
    peers: shown,
    ratio: best === null ? null : rounded(ours / best),
  };
}

/** The p-th percentile (0 to 100) of a sample, by nearest rank. */
export function percentile(sample: readonly number[], p: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))] ?? Number.NaN
  );
}

/** A table for people. */
export function benchTable(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ name, unit, ours, peers, ratio }) => [
    name,
    `${ours} ${unit}`,
    Object.entries(peers)
      .map(([peer, figure]) => `${peer}: ${figure} ${unit}`)
      .join(', '),
    ratio === null ? '' : `×${ratio}`,
  ]);
  const table = [['figure', 'ours', 'peers', 'ratio'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rounded(figure: number): number {
  return Number(figure.toPrecision(4));
}
