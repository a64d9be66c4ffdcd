/** Rows that are read at once: the API's largest page. */
export const PAGE_ROWS = 100;
/** Pages that are kept; the ones that were seen longest ago go first. */
const MAX_KEPT_PAGES = 40;
/** While somebody scrolls, pages that only fly past are not asked for. */
const SETTLE_MS = 80;
/** What changes while it is looked at is read again at most this often. */
const REREAD_INTERVAL_MS = 1_000;

export type IndexedRow = { readonly index: number };
export type RowRange = { readonly firstIndex: number; readonly lastIndex: number };
export type LoadedPage<Row> = { rows: readonly Row[]; hasNextPage: boolean };

export type PayoutPagesOptions<Row> = {
  /** How many rows there are when all are shown; null when a filter decides, page by page. */
  rowCount: number | null;
  /** Reads up to PAGE_ROWS rows whose index is at least this. Rejects when it cannot. */
  load(fromIndex: number, signal: AbortSignal): Promise<LoadedPage<Row>>;
};

type Kept<Row> = { rows: readonly Row[]; isStale: boolean; seen: number };

/**
 * The rows of a batch as a list that is as long as the batch and holds a few pages of it: what is looked at is read, what was
 * scrolled past is not, and what changed is read again. Positions count the rows shown, indexes those of the batch.
 */
export class PayoutPages<Row extends IndexedRow> {
  readonly #options: PayoutPagesOptions<Row>;
  readonly #kept = new Map<number, Kept<Row>>();
  readonly #loading = new Map<number, AbortController>();
  readonly #failed = new Set<number>();
  readonly #listeners = new Set<() => void>();
  /** Where each page begins, by index, as far as that is known; filtered pages are found one after the other. */
  #starts = [0];
  #lastPageRows: number | null = null;
  #shown = { first: 0, last: 0 };
  #clock = 0;
  #version = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rereadAt = 0;

  constructor(options: PayoutPagesOptions<Row>) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  /** Another number whenever something is to be drawn anew. */
  readonly version = (): number => this.#version;

  /** How long the list is, as far as that is known. */
  get count(): number {
    if (this.#options.rowCount !== null) return this.#options.rowCount;
    const whole = (this.#starts.length - 1) * PAGE_ROWS;
    return whole + (this.#lastPageRows ?? 1);
  }

  /** Whether the first page has been read: an empty list is empty then. */
  get isKnown(): boolean {
    return this.#options.rowCount !== null || this.#lastPageRows !== null || this.#starts.length > 1;
  }

  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  /** The row at a position; undefined while it is not there. */
  row(position: number): Row | undefined {
    return this.#kept.get(Math.floor(position / PAGE_ROWS))?.rows[position % PAGE_ROWS];
  }

  /** Says which positions are looked at, both included: they are read soon, and what else was being read is not. */
  show(first: number, last: number): void {
    this.#shown = { first: Math.floor(first / PAGE_ROWS), last: Math.floor(last / PAGE_ROWS) };
    this.#schedule(SETTLE_MS);
  }

  /** Says that rows have changed. */
  invalidate(ranges: readonly RowRange[]): void {
    let isShownStale = false;
    for (const [page, kept] of this.#kept) {
      if (!this.#touches(page, kept, ranges)) continue;
      if (this.#isShown(page)) {
        kept.isStale = true;
        isShownStale = true;
      } else this.#kept.delete(page);
    }
    // What is on its way may have been read before the change.
    for (const page of this.#loading.keys()) {
      if (!this.#touches(page, undefined, ranges)) continue;
      this.#abort(page);
      isShownStale = true;
    }
    if (isShownStale) this.#schedule(Math.max(0, this.#rereadAt + REREAD_INTERVAL_MS - Date.now()));
  }

  /** Reads again what could not be read. */
  retry(): void {
    this.#failed.clear();
    this.#changed();
    this.#schedule(0);
  }

  /** Nothing is read after this until something is shown again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const page of this.#loading.keys()) this.#abort(page);
  }

  #touches(page: number, kept: Kept<Row> | undefined, ranges: readonly RowRange[]): boolean {
    // Which rows a filter shows may change with any row.
    if (this.#options.rowCount === null) return true;
    const first = kept?.rows[0]?.index ?? page * PAGE_ROWS;
    const last = kept?.rows.at(-1)?.index ?? first + PAGE_ROWS - 1;
    return ranges.some(({ firstIndex, lastIndex }) => firstIndex <= last && lastIndex >= first);
  }

  #isShown(page: number): boolean {
    return page >= this.#shown.first && page <= this.#shown.last;
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#readShown();
    }, delayMs);
  }

  #readShown(): void {
    for (const page of this.#loading.keys()) if (!this.#isShown(page)) this.#abort(page);
    this.#clock += 1;
    for (let page = this.#shown.first; page <= this.#shown.last; page += 1) {
      const kept = this.#kept.get(page);
      if (kept !== undefined) kept.seen = this.#clock;
      const isWanted = kept === undefined || kept.isStale;
      if (isWanted && !this.#loading.has(page) && !this.#failed.has(page)) void this.#read(page);
    }
  }

  async #read(page: number): Promise<void> {
    const start = this.#startOf(page);
    if (start === null) return;
    const abort = new AbortController();
    this.#loading.set(page, abort);
    this.#rereadAt = Date.now();
    try {
      const loaded = await this.#options.load(start, abort.signal);
      if (abort.signal.aborted) return;
      this.#loading.delete(page);
      this.#keep(page, loaded);
    } catch {
      if (abort.signal.aborted) return;
      this.#loading.delete(page);
      this.#failed.add(page);
    }
    this.#changed();
  }

  #startOf(page: number): number | null {
    if (this.#options.rowCount === null) return this.#starts[page] ?? null;
    return page * PAGE_ROWS < this.#options.rowCount ? page * PAGE_ROWS : null;
  }

  #keep(page: number, { rows, hasNextPage }: LoadedPage<Row>): void {
    this.#kept.set(page, { rows, isStale: false, seen: this.#clock });
    if (this.#options.rowCount === null) this.#chain(page, rows, hasNextPage);
    while (this.#kept.size > MAX_KEPT_PAGES) {
      const [oldest] = [...this.#kept]
        .filter(([each]) => !this.#isShown(each))
        .sort(([, a], [, b]) => a.seen - b.seen);
      if (oldest === undefined) return;
      this.#kept.delete(oldest[0]);
    }
  }

  /** A filtered page says where the next one begins; when that moved, what follows is not known any more. */
  #chain(page: number, rows: readonly Row[], hasNextPage: boolean): void {
    const next = hasNextPage ? (rows.at(-1)?.index ?? 0) + 1 : null;
    if (next !== null && this.#starts[page + 1] === next) return;
    this.#starts = this.#starts.slice(0, page + 1);
    if (next !== null) this.#starts.push(next);
    this.#lastPageRows = next === null ? rows.length : null;
    for (const each of this.#kept.keys()) if (each > page) this.#kept.delete(each);
    for (const each of this.#loading.keys()) if (each > page) this.#abort(each);
    this.#schedule(0);
  }

  #abort(page: number): void {
    this.#loading.get(page)?.abort();
    this.#loading.delete(page);
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
