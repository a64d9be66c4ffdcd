import type { CheckerAnswers, CheckerCall, CheckerReply } from './checkerProtocol.ts';

/** A worker that checks one request at a time and keeps its payouts. */
export type RequestChecker = {
  /** @throws Error when the worker fails or is closed meanwhile */
  ask<Kind extends CheckerCall['kind']>(
    call: Extract<CheckerCall, { kind: Kind }>,
  ): Promise<CheckerAnswers[Kind]>;
  close(): void;
};

type Waiting = { resolve(value: never): void; reject(cause: Error): void };

export function startRequestChecker(): RequestChecker {
  const worker = new Worker(new URL('./checker.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const rejectAll = (message: string) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<CheckerReply>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if ('fault' in data) call?.reject(new Error(data.fault));
    else call?.resolve(data.value as never);
  });
  worker.addEventListener('error', ({ message }) => rejectAll(message || 'The worker failed.'));
  return {
    ask: (call) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, call });
      }),
    close: () => {
      worker.terminate();
      rejectAll('The check was ended.');
    },
  };
}
