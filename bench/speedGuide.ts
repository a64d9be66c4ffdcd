import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { BenchRow } from './report.ts';

const GUIDE = new URL('../docs/guides/speed.md', import.meta.url);

/** Writes a suite's figures into docs/guides/speed.md, between the marks of the suite. @throws Error where it has none */
export function writeSpeedGuide(suite: string, machine: string, rows: readonly BenchRow[]): void {
  const guide = readFileSync(GUIDE, 'utf8');
  const [begin, end] = [`<!-- bench ${suite} -->`, `<!-- end ${suite} -->`];
  const [before, rest] = guide.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/guides/speed.md has no ${begin} … ${end}.`);
  writeFileSync(GUIDE, `${before}${begin}\n\n${markdown(machine, rows)}\n${end}${after}`);
}

function markdown(machine: string, rows: readonly BenchRow[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const load = loadavg()[0]?.toFixed(1);
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))];
  const head = ['figure', 'ours', ...peers, ...(peers.length > 0 ? ['ratio'] : [])];
  const table = rows.map(({ name, unit, ours, peers: of, ratio }) => [
    name,
    `${figure(ours)} ${unit}`,
    ...peers.map((peer) => (of[peer] === undefined ? '' : `${figure(of[peer])} ${unit}`)),
    ...(peers.length > 0 ? [ratio === null ? '' : `×${figure(ratio)}`] : []),
  ]);
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...table];
  return `${machine}; load ${load} when it ended; ${date}.\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
