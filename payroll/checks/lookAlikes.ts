// Address poisoning: somebody makes an address that begins and ends like one that is paid, sends dust from it, and waits
// until it is copied out of a list of transfers. Pure, for servers and browsers. Every step is one look-up a row, however
// many addresses are known: addresses are indexed by their first and last digits.
import { nextTurn } from '../file/nextTurn.ts';

/** A digit of an address is hexadecimal: 4 bits. */
const DIGIT_VALUES = 16;
/** What people and wallets show, and compare: fewer at either end deceives nobody. */
const MIN_DIGITS_AT_AN_END = 3;
/** In all, at both ends together, where few addresses are known. */
const MIN_DIGITS = 2 * MIN_DIGITS_AT_AN_END;
/** As many digits are never asked for: they cost whoever makes a look-alike 10^12 tries. */
const MAX_DIGITS = 10;
/** How many honest new recipients may be told to be like somebody known, by chance. */
const MAX_FALSE_WARNINGS_PER_1_000 = 1;
/** More digits are asked of two rows of one file: of neither is anything known, and a file has very many pairs of rows. */
const MORE_DIGITS_IN_FILE = 2;

/** So many look-ups take a few milliseconds; whatever else waits gets its turn after them. */
const ITEMS_PER_TURN = 5_000;

/**
 * Why an address is known. Only PAID makes it trustworthy, money went there and was not missed: a payee's is whatever a
 * colleague wrote into the address book, and others are named, or name themselves, too. Those are what look-alikes resemble.
 */
export type KnownAddressKind = 'PAYEE' | 'PAID' | 'OWNER' | 'ACCOUNT' | 'DUST_SENDER';

/** An address of an EVM chain that is known, in any case. `name` of whom it is, where somebody named it. */
export type KnownAddress = {
  readonly address: string;
  readonly kind: KnownAddressKind;
  readonly name: string | null;
};

/** A row that pays an address, in any case. `isKnown`: it was found paid before by other means than the list given here. */
export type RecipientRow = { readonly row: number; readonly recipient: string; readonly isKnown: boolean };

/** A row whose recipient was never paid, and what it is like. */
export type LookAlike = {
  readonly row: number;
  readonly recipient: string;
  /** The address it is like, or the dust sender that it is. In the case in which it was given. */
  readonly of: string;
  readonly kind: KnownAddressKind | 'SAME_FILE';
  readonly name: string | null;
  /** Of SAME_FILE: the other row. */
  readonly ofRow: number | null;
};

type Entry = Omit<LookAlike, 'row' | 'recipient'> & { readonly key: string };

/**
 * How many digits an address must share with one of so many others at both ends, at least three at each: six, and more
 * where chance would make more than one address in a thousand be like one of them.
 */
export function lookAlikeDigits(otherCount: number): number {
  const most = MAX_FALSE_WARNINGS_PER_1_000 / 1_000;
  let digits = MIN_DIGITS;
  while (digits < MAX_DIGITS && chanceOfLookAlike(otherCount, digits) > most) digits += 1;
  return digits;
}

/** How likely a random address shares so many digits with one of so many others: at most this. */
export function chanceOfLookAlike(otherCount: number, digits: number): number {
  return (otherCount * splitsOf(digits).length) / DIGIT_VALUES ** digits;
}

/**
 * Rows whose recipient was never paid, and begins and ends like another address that is known, like another row's, or like
 * a sender of dust; or is a sender of dust itself. Being known does not help: a payee's address may be a look-alike of
 * another's. One finding a row: what is known comes first, in the order given.
 * @param digits how many digits to share with a known address; by the number of addresses unless said. Two rows of the
 *   file share two more
 * @returns in the order of the rows
 */
export async function findLookAlikes(
  rows: readonly RecipientRow[],
  known: readonly KnownAddress[],
  digits?: number,
): Promise<LookAlike[]> {
  const trusted = trustedAmong(rows, known);
  const crowds = new Crowds();
  await inTurns(known, ({ address }) => crowds.add(address.toLowerCase()));
  await inTurns(rows, ({ recipient }) => crowds.add(recipient.toLowerCase()));

  const ofKnown = new EndIndex(digits ?? lookAlikeDigits(known.length));
  const dust = new Map<string, Entry>();
  await inTurns(known, ({ address, kind, name }) => {
    const key = address.toLowerCase();
    const entry = { key, of: address, kind, name, ofRow: null };
    if (kind === 'DUST_SENDER') {
      // Who was paid and once sent a trifle is trusted.
      if (trusted.has(key)) return;
      if (!dust.has(key)) dust.set(key, entry);
    }
    if (crowds.isCrowded(key)) ofKnown.add(entry);
  });
  const ofFile = new EndIndex((digits ?? lookAlikeDigits(rows.length)) + MORE_DIGITS_IN_FILE);
  await inTurns(rows, ({ row, recipient }) => {
    const key = recipient.toLowerCase();
    if (crowds.isCrowded(key)) ofFile.add({ key, of: recipient, kind: 'SAME_FILE', name: null, ofRow: row });
  });
  const found: LookAlike[] = [];
  await inTurns(rows, ({ row, recipient }) => {
    const key = recipient.toLowerCase();
    if (trusted.has(key)) return;
    const alike = () => (crowds.isCrowded(key) ? (ofKnown.find(key) ?? ofFile.find(key)) : null);
    const entry = dust.get(key) ?? alike();
    if (entry === null) return;
    const { of, kind, name, ofRow } = entry;
    found.push({ row, recipient, of, kind, name, ofRow });
  });
  return found;
}

/** Addresses, in lower case, that were paid. */
function trustedAmong(rows: readonly RecipientRow[], known: readonly KnownAddress[]): Set<string> {
  const trusted = new Set<string>();
  for (const { address, kind } of known) if (kind === 'PAID') trusted.add(address.toLowerCase());
  for (const { recipient, isKnown } of rows) if (isKnown) trusted.add(recipient.toLowerCase());
  return trusted;
}

async function inTurns<T>(items: readonly T[], act: (item: T) => void): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index % ITEMS_PER_TURN === ITEMS_PER_TURN - 1) await nextTurn();
    act(item);
  }
}

/** How many digits at the start and at the end make so many in all. */
function splitsOf(digits: number): { readonly start: number; readonly end: number }[] {
  const splits = [];
  for (let start = MIN_DIGITS_AT_AN_END; start <= digits - MIN_DIGITS_AT_AN_END; start += 1) {
    splits.push({ start, end: digits - start });
  }
  return splits;
}

/** Which addresses share the fewest digits that are ever asked for: of many honest ones nearly none do. */
class Crowds {
  /** By the ends the one address that has them, null where several have. */
  readonly #only = new Map<number, string | null>();

  add(key: string): void {
    const ends = Number.parseInt(endsOf(key, MIN_DIGITS_AT_AN_END, MIN_DIGITS_AT_AN_END), 16);
    const only = this.#only.get(ends);
    if (only === undefined) this.#only.set(ends, key);
    else if (only !== key) this.#only.set(ends, null);
  }

  /** Whether another address was added with these ends. */
  isCrowded(key: string): boolean {
    const ends = Number.parseInt(endsOf(key, MIN_DIGITS_AT_AN_END, MIN_DIGITS_AT_AN_END), 16);
    return this.#only.get(ends) === null;
  }
}

/** Addresses by their ends. Of each pair of ends the first two that differ: whoever asks is at most one of them. */
class EndIndex {
  readonly #splits: readonly { readonly start: number; readonly end: number; readonly byEnds: EndMap }[];

  constructor(digits: number) {
    this.#splits = splitsOf(digits).map((split) => ({ ...split, byEnds: new Map() }));
  }

  add(entry: Entry): void {
    for (const { start, end, byEnds } of this.#splits) {
      const ends = endsOf(entry.key, start, end);
      const pair = byEnds.get(ends);
      if (pair === undefined) byEnds.set(ends, [entry]);
      else if (pair.length === 1 && pair[0]?.key !== entry.key) pair.push(entry);
    }
  }

  /** The first address of other digits with the same ends; null for none. */
  find(key: string): Entry | null {
    for (const { start, end, byEnds } of this.#splits) {
      const other = byEnds.get(endsOf(key, start, end))?.find((entry) => entry.key !== key);
      if (other !== undefined) return other;
    }
    return null;
  }
}

type EndMap = Map<string, Entry[]>;

/** @param key "0x" and 40 lower-case digits */
function endsOf(key: string, start: number, end: number): string {
  return key.slice(2, 2 + start) + key.slice(-end);
}

/** What to say of a look-alike. `nameRow` how a message calls an earlier row ("row 3"). */
export function describeLookAlike(lookAlike: LookAlike, nameRow: (row: number) => string): string {
  const { recipient, of, kind, name, ofRow } = lookAlike;
  const ask = 'Compare every character, and ask the payee by another way than the one this address came by.';
  if (recipient.toLowerCase() === of.toLowerCase()) {
    return `Nobody here has paid this address; it sent a trifle to one of your accounts, as those do who want to be copied. ${ask}`;
  }
  const whose = ofRow === null ? WHOSE[kind as KnownAddressKind](name) : `that of ${nameRow(ofRow)}`;
  return `This address begins and ends like ${whose}, ${of}, and is another. ${ask}`;
}

const WHOSE: Record<KnownAddressKind, (name: string | null) => string> = {
  PAYEE: (name) => (name === null ? 'that of a payee' : `that of ${name}`),
  PAID: () => 'one that was paid before',
  OWNER: () => 'that of an approver',
  ACCOUNT: (name) => (name === null ? 'that of an account' : `that of the account ${name}`),
  DUST_SENDER: () => 'one that sent a trifle to one of your accounts',
};
