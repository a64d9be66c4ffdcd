/**
 * An async generator that ends at once when its consumer calls `return()` or the outer signal aborts, even while its
 * body waits for something: a plain one would first have to wake up. Aborting is a quiet end, not an error.
 * @param outer ends the generator from outside; may be absent
 * @param generate gets a signal that aborts at the end, however it comes; its `finally` runs as soon as it can
 */
export function endPromptly<T>(
  outer: AbortSignal | undefined,
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  const { signal } = controller;
  const inner = generate(signal);
  const finish = () => {
    if (signal.aborted) return;
    outer?.removeEventListener('abort', finish);
    controller.abort();
    // What the body throws while it is being ended concerns nobody any more.
    inner.return().catch(() => {});
  };
  outer?.addEventListener('abort', finish);
  if (outer?.aborted) finish();

  return {
    next() {
      if (signal.aborted) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => {
        const ended = () => resolve({ done: true, value: undefined });
        signal.addEventListener('abort', ended);
        const settled = () => signal.removeEventListener('abort', ended);
        inner.next().then(
          (result) => {
            settled();
            if (result.done) finish();
            resolve(signal.aborted ? { done: true, value: undefined } : result);
          },
          (error) => {
            settled();
            finish();
            reject(error);
          },
        );
      });
    },
    return() {
      finish();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw(error) {
      finish();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]() {
      finish();
      return Promise.resolve();
    },
  };
}
