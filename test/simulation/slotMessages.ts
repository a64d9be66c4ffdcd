import type { Plan } from './plan.ts';
import type { PreparedSlots } from './prepareSlots.ts';
import type { Outcome } from './simulate.ts';

/** What a slot's process is told at its start. */
export type SlotOptions = {
  readonly directory: string;
  /** Of the system's processes. */
  readonly compileCache: string;
  readonly logDirectory: string;
  readonly keepsLogs: boolean;
  readonly tickMs: number;
  readonly prepared: PreparedSlots;
};

/** A plan, and the system that it is for. */
export type PlannedRun = {
  readonly plan: Plan;
  /** The module of its processes. */
  readonly system: string;
  /** From the end of all faults; as simulate.ts has it, unless said. */
  readonly maxBlocksToSettle?: number;
};

/** To a slot: one run after another, then null: end. */
export type ToSlot = { readonly run: PlannedRun | null };

/** From a slot: it is ready for a plan, or has run one. */
export type FromSlot = { readonly ready: true } | { readonly outcome: Outcome };
