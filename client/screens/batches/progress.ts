import type { BatchProgressFragment, PayoutStatus } from '../../generated/operationTypes.ts';

export type Progress = Omit<BatchProgressFragment, '__typename'>;
export type ProgressPart = keyof Progress;

/** From the best to what is still to come, then what went wrong: the order of the bar, left to right. */
export const PROGRESS_PARTS = [
  'final',
  'confirmed',
  'included',
  'submitted',
  'pending',
  'undelivered',
  'failed',
] as const satisfies readonly ProgressPart[];

export const PART_COLORS: Readonly<Record<ProgressPart, string>> = {
  final: 'var(--mantine-color-teal-6)',
  confirmed: 'var(--mantine-color-cyan-5)',
  included: 'var(--mantine-color-indigo-4)',
  submitted: 'var(--mantine-color-blue-3)',
  pending: 'light-dark(var(--mantine-color-gray-3), var(--mantine-color-dark-4))',
  undelivered: 'var(--mantine-color-orange-5)',
  failed: 'var(--mantine-color-red-6)',
};

export const STATUS_OF_PART: Readonly<Record<ProgressPart, PayoutStatus>> = {
  final: 'FINAL',
  confirmed: 'CONFIRMED',
  included: 'INCLUDED',
  submitted: 'SUBMITTED',
  pending: 'PENDING',
  undelivered: 'UNDELIVERED',
  failed: 'FAILED',
};

export function rowsOf(progress: Progress): number {
  return PROGRESS_PARTS.reduce((sum, part) => sum + progress[part], 0);
}
