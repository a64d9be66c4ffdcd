import type { Random } from '../e2e/random.ts';
import type { Phase } from '../kit/failpoints.ts';

export const PHASES: readonly Phase[] = ['BEFORE', 'RAN', 'AFTER'];

/** So many draws, in order. */
export function list<Item>(count: number, draw: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => draw(index));
}

/** One of them, each as likely as another. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.between(0, items.length - 1)] as Item;
}

export function chance(random: Random, perMille: number): boolean {
  return random.between(1, 1_000) <= perMille;
}
