/**
 * Which statuses may follow which: the one place that says so for an aggregate. SQL CHECKs know no earlier status; they say
 * what must hold of a row in each.
 */
export type TransitionTable<Status extends string> = Readonly<Record<Status, readonly Status[]>>;

/** The statuses from which `to` may be reached: an update's `where status in (…)`. */
export function sourcesOf<Status extends string>(table: TransitionTable<Status>, to: Status): Status[] {
  return (Object.keys(table) as Status[]).filter((from) => table[from].includes(to));
}
