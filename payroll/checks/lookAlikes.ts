// Address poisoning: somebody makes an address that begins and ends like one that is paid, sends dust from it, and waits
// until it is copied out of a list of transfers. Pure, for servers and browsers. Every step is one look-up a row, however
// many addresses are known: addresses are indexed by their first and last digits.

/** A digit of an address is hexadecimal: 4 bits. */
const DIGIT_VALUES = 16;
/** What people and wallets show, and compare: fewer at either end deceives nobody. */
const MIN_DIGITS_AT_AN_END = 3;
/** In all, at both ends together, where few addresses are known. */
const MIN_DIGITS = 2 * MIN_DIGITS_AT_AN_END;
/** A look-alike of more digits costs its maker more than 10^12 tries; it is found by fewer digits as well. */
const MAX_DIGITS = 10;
/** How many honest new recipients in a thousand may be told to look like somebody by chance. */
const MAX_FALSE_WARNINGS_PER_THOUSAND = 1;

/** Why an address is known. Of DUST_SENDER only because it sent a trifle, which makes nobody trustworthy. */
export type KnownAddressKind = 'PAYEE' | 'PAID' | 'OWNER' | 'ACCOUNT' | 'DUST_SENDER';

/** An address of an EVM chain that is known, in any case. `name` of whom it is, where somebody named it. */
export type KnownAddress = {
  readonly address: string;
  readonly kind: KnownAddressKind;
  readonly name: string | null;
};

/** A row that pays an address, in any case. `isKnown`: it was found known by other means than the list given here. */
export type RecipientRow = { readonly row: number; readonly recipient: string; readonly isKnown: boolean };

/** A row whose recipient nobody knows, and what it is like. */
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
 * How many digits two addresses must share at their ends, at least three at each: six, and more where so many addresses
 * are known that chance would make more than one row in a thousand look like one of them.
 * @param knownCount known addresses and recipients of the file, together
 */
export function lookAlikeDigits(knownCount: number): number {
  let digits = MIN_DIGITS;
  while (
    digits < MAX_DIGITS &&
    chanceOfLookAlike(knownCount, digits) > MAX_FALSE_WARNINGS_PER_THOUSAND / 1000
  ) {
    digits += 1;
  }
  return digits;
}

/** How likely a random address shares so many digits with one of so many others: at most this. */
export function chanceOfLookAlike(knownCount: number, digits: number): number {
  return (knownCount * splitsOf(digits).length) / DIGIT_VALUES ** digits;
}

/**
 * Rows whose recipient is not known, and begins and ends like an address that is known, like another row's, or like a
 * sender of dust; or is a sender of dust itself. One finding a row: what is known comes first, in the order given.
 * @param digits how many digits to share; by the number of addresses unless said
 * @returns in the order of the rows
 */
export function findLookAlikes(
  rows: readonly RecipientRow[],
  known: readonly KnownAddress[],
  digits = lookAlikeDigits(known.length + rows.length),
): LookAlike[] {
  const splits = splitsOf(digits);
  const trusted = new Set<string>();
  const dust = new Map<string, KnownAddress>();
  for (const one of known) {
    const key = one.address.toLowerCase();
    if (one.kind !== 'DUST_SENDER') trusted.add(key);
    else if (!dust.has(key)) dust.set(key, one);
  }
  for (const { recipient, isKnown } of rows) if (isKnown) trusted.add(recipient.toLowerCase());
  const ofKnown = new EndIndex(splits);
  for (const { address, kind, name } of known) {
    const key = address.toLowerCase();
    // Who is known and once sent a trifle is known.
    if (kind !== 'DUST_SENDER' || !trusted.has(key))
      ofKnown.add({ key, of: address, kind, name, ofRow: null });
  }
  const ofFile = new EndIndex(splits);
  for (const { row, recipient } of rows) {
    const key = recipient.toLowerCase();
    ofFile.add({ key, of: recipient, kind: 'SAME_FILE', name: null, ofRow: row });
  }
  return rows.flatMap(({ row, recipient }) => {
    const key = recipient.toLowerCase();
    if (trusted.has(key)) return [];
    const sender = dust.get(key);
    const found =
      sender === undefined
        ? (ofKnown.find(key) ?? ofFile.find(key))
        : { key, of: sender.address, kind: sender.kind, name: sender.name, ofRow: null };
    if (found === null) return [];
    const { key: _key, ...rest } = found;
    return [{ row, recipient, ...rest }];
  });
}

/** How many digits at the start and at the end make so many in all. */
function splitsOf(digits: number): { readonly start: number; readonly end: number }[] {
  const splits = [];
  for (let start = MIN_DIGITS_AT_AN_END; start <= digits - MIN_DIGITS_AT_AN_END; start += 1) {
    splits.push({ start, end: digits - start });
  }
  return splits;
}

/** Addresses by their ends. Of each pair of ends the first two that differ: whoever asks is at most one of them. */
class EndIndex {
  readonly #splits: readonly { readonly start: number; readonly end: number; readonly byEnds: EndMap }[];

  constructor(splits: readonly { readonly start: number; readonly end: number }[]) {
    this.#splits = splits.map((split) => ({ ...split, byEnds: new Map() }));
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
