import type { PauseScope } from '../prisma/generated/database.ts';

const MAX_REMEMBERED = 10_000;

/** The pauses that a worker's log has told of. */
export class PausesTold {
  /** By batch, the oldest first. */
  readonly #told = new Map<string, PauseScope>();

  /** Notes what holds a batch now, if anything does. @returns whether the log has to tell it */
  isNew(batchId: string, scope: PauseScope | null): boolean {
    if (this.#told.get(batchId) === scope) return false;
    this.#told.delete(batchId);
    if (scope === null) return false;
    const [oldest] = this.#told.keys();
    if (this.#told.size >= MAX_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
    this.#told.set(batchId, scope);
    return true;
  }
}
