/**
 * "These organizations' logs have moved." Told after the commit; may be coalesced, doubled or lost: it only makes
 * readers look sooner than their timer would. Implementations: PostgresHints (NOTIFY) and RedisHints.
 */
export interface EventHints {
  /** Never throws: a hint that cannot be sent is lost, and readers' timers make up for it. */
  publish(organizationIds: readonly string[]): Promise<void>;
  /**
   * @param moved called with the organization whose log moved
   * @param reconnected called when the channel stands again after a gap in which hints may have been lost
   * @returns a function that ends the subscription
   */
  subscribe(moved: (organizationId: string) => void, reconnected?: () => void): () => void;
  close(): Promise<void>;
}
