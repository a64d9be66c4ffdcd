/** Lets a loop wait for a hint, a time or its end, whichever comes first. A hint that comes while nobody waits is kept. */
export class WakeUp {
  #hinted = false;
  #wake: (() => void) | null = null;

  notify(): void {
    this.#hinted = true;
    this.#wake?.();
  }

  async wait(maxMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#hinted && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, maxMs);
      const onAbort = (): void => resolve();
      signal.addEventListener('abort', onAbort);
      this.#wake = resolve;
      await promise;
      this.#wake = null;
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    }
    this.#hinted = false;
  }
}
