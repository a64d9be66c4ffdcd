/**
 * The jobs that this process runs: of each batch or account one at a time. What is asked for while it runs follows it, so
 * that nothing is missed that happened after it had looked. Other processes have their own; a lock in the database would
 * outlive a killed one.
 */
export class JobsUnderWay {
  readonly #next = new Map<string, (() => Promise<void>) | null>();

  has = (id: string): boolean => this.#next.has(id);

  /**
   * @param id of what the job is about
   * @param enqueue asks for the job once more. For a run that followed another and failed: the job that asked for it has
   *   ended, and the one that carries it lost its key to that one, and with it all further attempts
   * @throws what the run threw when none followed it; what `enqueue` throws
   */
  async run(id: string, job: () => Promise<void>, enqueue: () => Promise<void>): Promise<void> {
    if (this.#next.has(id)) {
      this.#next.set(id, job);
      return;
    }
    let failure: { readonly error: unknown } | null = null;
    let runs = 0;
    for (let next: (() => Promise<void>) | null = job; next !== null; next = this.#next.get(id) ?? null) {
      this.#next.set(id, null);
      runs += 1;
      failure = await next().then(
        () => null,
        (error: unknown) => ({ error }),
      );
    }
    this.#next.delete(id);
    if (failure === null) return;
    if (runs === 1) throw failure.error;
    await enqueue();
  }
}
