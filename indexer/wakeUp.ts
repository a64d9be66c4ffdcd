/** Hints that differ, at a time; a node that tells of more is heard all the same, as one that tells of nothing known. */
const MAX_HINTS = 16;

/**
 * Lets a loop wait for a hint, a time or its end, whichever comes first. A hint that comes while nobody waits is kept. A
 * hint may name what it is about: who knows that already is not woken by it, as several tell of the same.
 */
export class WakeUp {
  readonly #hints = new Set<string | null>();
  #known: string | null = null;
  #wake: (() => void) | null = null;

  /** @param about null: something, whatever it is */
  notify(about: string | null): void {
    if (this.#wake !== null && about !== null && about === this.#known) return;
    this.#hints.add(this.#hints.size < MAX_HINTS ? about : null);
    this.#wake?.();
  }

  /** @param known what needs no hint any more; null: nothing. @returns whether there was a hint */
  async wait(maxMs: number, known: string | null, signal: AbortSignal): Promise<boolean> {
    if (known !== null) this.#hints.delete(known);
    if (this.#hints.size === 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, maxMs);
      const onAbort = (): void => resolve();
      signal.addEventListener('abort', onAbort);
      this.#known = known;
      this.#wake = resolve;
      await promise;
      this.#wake = null;
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    }
    const isHinted = this.#hints.size > 0;
    this.#hints.clear();
    return isHinted;
  }
}
