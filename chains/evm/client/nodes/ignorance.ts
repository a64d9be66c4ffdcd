/** A node may be a moment behind: so often, and for so long, without once having known. */
const MIN_TIMES = 5;
const MIN_MS = 5_000;

/** What a node has not known for a while although two others told it, by method. */
export class Ignorance {
  readonly #since = new Map<string, { readonly firstAt: number; times: number }>();

  /** @returns whether that is more than a moment’s lag */
  didNotKnow(method: string, now: number): boolean {
    const met = this.#since.get(method) ?? { firstAt: now, times: 0 };
    met.times += 1;
    this.#since.set(method, met);
    return met.times >= MIN_TIMES && now - met.firstAt >= MIN_MS;
  }

  knew(method: string): void {
    this.#since.delete(method);
  }
}
