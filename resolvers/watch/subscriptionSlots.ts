import { LimitExceededError } from '../../core/errors.ts';

export const MAX_SUBSCRIPTIONS_PER_SESSION = 200;
export const MAX_SUBSCRIPTIONS_PER_PROCESS = 20_000;

/** How many subscriptions are open in this process, by session and altogether. */
export type SubscriptionSlots = {
  /** @returns gives the slot back; further calls do nothing. @throws LimitExceededError */
  take(sessionId: string): () => void;
  openCount(): number;
};

/** One for the whole process. */
export function createSubscriptionSlots(): SubscriptionSlots {
  const bySession = new Map<string, number>();
  let open = 0;
  return {
    openCount: () => open,
    take(sessionId) {
      const held = bySession.get(sessionId) ?? 0;
      if (held >= MAX_SUBSCRIPTIONS_PER_SESSION) {
        throw new LimitExceededError(
          'MAX_SUBSCRIPTIONS_PER_SESSION',
          `A session may have ${MAX_SUBSCRIPTIONS_PER_SESSION} subscriptions open at once.`,
        );
      }
      if (open >= MAX_SUBSCRIPTIONS_PER_PROCESS) {
        throw new LimitExceededError(
          'MAX_SUBSCRIPTIONS_PER_PROCESS',
          'This server has as many subscriptions open as it can carry. Try another one, or later.',
        );
      }
      bySession.set(sessionId, held + 1);
      open += 1;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        open -= 1;
        const left = (bySession.get(sessionId) ?? 1) - 1;
        if (left === 0) bySession.delete(sessionId);
        else bySession.set(sessionId, left);
      };
    },
  };
}
