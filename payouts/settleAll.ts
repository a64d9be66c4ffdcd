/**
 * Waits for all rounds, so that one that fails ends no other.
 * @throws AggregateError when any has failed
 */
export async function settleAll(rounds: readonly Promise<void>[], message: string): Promise<void> {
  const failures = (await Promise.allSettled(rounds)).flatMap((round) =>
    round.status === 'rejected' ? [round.reason as unknown] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, message);
}
