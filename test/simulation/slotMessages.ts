import type { ContractAddresses } from '../../server/embedded/contracts.ts';
import type { Plan } from './plan.ts';
import type { Outcome } from './simulate.ts';

/** What a slot's process is told at its start. */
export type SlotOptions = {
  readonly directory: string;
  readonly sources: string;
  readonly compileCache: string;
  readonly logDirectory: string;
  readonly keepsLogs: boolean;
  readonly tickMs: number;
  readonly chainState: { readonly path: string; readonly contracts: ContractAddresses };
};

/** To a slot: one plan after another, then null: end. */
export type ToSlot = { readonly plan: Plan | null };

/** From a slot: it is ready for a plan, or has run one. */
export type FromSlot = { readonly ready: true } | { readonly outcome: Outcome };
