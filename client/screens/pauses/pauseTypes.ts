import type { PauseFactsFragment } from '../../generated/operationTypes.ts';

export type ShownPause = PauseFactsFragment;

/** What can be paused and resumed, with what the requests need. */
export type Pausable =
  | { readonly scope: 'PAYOUT_BATCH'; readonly id: string }
  | { readonly scope: 'ACCOUNT'; readonly id: string; readonly name: string }
  | { readonly scope: 'CHAIN'; readonly id: string; readonly name: string; readonly organizationId: string };

/** What a sentence about it is filled with. */
export function namesOf(subject: Pausable): { name: string; chain: string } {
  const name = subject.scope === 'PAYOUT_BATCH' ? '' : subject.name;
  return { name, chain: name };
}
