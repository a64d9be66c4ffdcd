/**
 * Collects keys while the last batch is being worked on and hands them over together afterwards, each once: however
 * often a key is asked for, one piece of work is under way. A key asked for meanwhile is worked on once more.
 * @param limits.maxWaitingKeys keys beyond are dropped: only for what may be lost
 * @param work must not throw
 * @returns asks for keys; resolves when no work is left
 */
export function createCoalescer<Key>(
  limits: { maxKeysPerBatch: number; maxWaitingKeys: number },
  work: (keys: Key[]) => Promise<void>,
): (keys: Iterable<Key>) => Promise<void> {
  const waiting = new Set<Key>();
  let running: Promise<void> | null = null;
  const run = async () => {
    while (waiting.size > 0) {
      const keys = [...waiting].slice(0, limits.maxKeysPerBatch);
      for (const key of keys) waiting.delete(key);
      await work(keys);
    }
    running = null;
  };
  return (keys) => {
    for (const key of keys) {
      if (waiting.size < limits.maxWaitingKeys) waiting.add(key);
    }
    if (waiting.size > 0) running ??= run();
    return running ?? Promise.resolve();
  };
}
