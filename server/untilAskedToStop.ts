const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Resolves, with the reason, when this process is to end: by a signal, or because the process that started it with a
 * channel is gone.
 */
export function untilAskedToStop(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of SIGNALS) process.on(signal, () => resolve(signal));
  process.once('disconnect', () => resolve('the parent process is gone'));
  return promise;
}
