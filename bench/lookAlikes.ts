// node bench/lookAlikes.ts: how often look-alike addresses are missed and honest ones are warned of, by how many addresses
// are known, beside plain rules. The same addresses every time. docs/guides/address-poisoning.md has the figures.
import { createHash } from 'node:crypto';
import { findLookAlikes, type KnownAddress } from '../payroll/checks/lookAlikes.ts';

const SEED = 'look-alikes 1';
const KNOWN_COUNTS = [100, 1_000, 10_000, 100_000];
const ATTACKED_DIGITS = [3, 4, 5, 6];
const ATTACKS_PER_KIND = 1_000;
const HONEST_COUNT = 100_000;
/** Honest addresses come in files of so many, as most are, whose rows are compared with each other, too. */
const HONEST_PER_FILE = 1_000;
/** So many honest addresses of a hundred begin with four zeros: people like such addresses. */
const VANITY_PERCENT = 1;
const TIMED_ROWS = 100_000;

type Rule = {
  name: string;
  find: (recipients: readonly string[], known: readonly string[]) => Promise<number>;
};

/** `first` digits at the start and `last` at the end are the same. */
function plainRule(first: number, last: number): Rule {
  const endsOf = (address: string) => address.slice(2, 2 + first) + address.slice(-last);
  return {
    name: `first ${first}, last ${last}`,
    find: async (recipients, known) => {
      const ends = new Set(known.map(endsOf));
      const all = new Set(known);
      return recipients.filter((one) => ends.has(endsOf(one)) && !all.has(one)).length;
    },
  };
}

const RULES: readonly Rule[] = [
  plainRule(3, 3),
  plainRule(4, 4),
  plainRule(6, 4),
  {
    name: 'ours',
    find: async (recipients, known) => (await findLookAlikes(rowsOf(recipients), knownOf(known))).length,
  },
];

/** A number of 32 bytes that follows from its name alone. */
function draw(name: string): string {
  return createHash('sha256').update(`${SEED} ${name}`).digest('hex');
}

function honest(name: string): string {
  const digits = draw(name);
  const isVanity = Number.parseInt(digits.slice(-4), 16) % 100 < VANITY_PERCENT;
  return isVanity ? `0x0000${digits.slice(0, 36)}` : `0x${digits.slice(0, 40)}`;
}

/** As somebody makes it who wants to be mistaken: so many digits at each end are the same, the others are whatever came. */
function imitation(of: string, digits: number, name: string): string {
  return of.slice(0, 2 + digits) + draw(name).slice(0, 40 - 2 * digits) + of.slice(-digits);
}

function rowsOf(recipients: readonly string[]) {
  return recipients.map((recipient, index) => ({ row: index + 2, recipient, isKnown: false }));
}

function knownOf(addresses: readonly string[]): KnownAddress[] {
  return addresses.map((address) => ({ address, kind: 'PAID', name: null }));
}

function many(count: number, make: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function percent(count: number, of: number): string {
  return `${((100 * count) / of).toFixed(count === 0 || count === of ? 0 : 3)} %`;
}

async function measure(rule: Rule, knownCount: number): Promise<string[]> {
  const known = many(knownCount, (index) => honest(`known ${index}`));
  const misses: string[] = [];
  for (const digits of ATTACKED_DIGITS) {
    const attacks = many(ATTACKS_PER_KIND, (index) =>
      imitation(known[index % knownCount] as string, digits, `attack ${digits} ${index}`),
    );
    misses.push(percent(ATTACKS_PER_KIND - (await rule.find(attacks, known)), ATTACKS_PER_KIND));
  }
  const strangers = many(HONEST_COUNT, (index) => honest(`stranger ${index}`));
  let falseWarnings = 0;
  for (let first = 0; first < HONEST_COUNT; first += HONEST_PER_FILE) {
    falseWarnings += await rule.find(strangers.slice(first, first + HONEST_PER_FILE), known);
  }
  return [...misses, percent(falseWarnings, HONEST_COUNT)];
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

printRow([
  'known',
  'rule',
  ...ATTACKED_DIGITS.map((digits) => `missed ${digits}+${digits}`),
  'honest, warned of',
]);
printRow(['---', '---', ...ATTACKED_DIGITS.map(() => '---'), '---']);
for (const knownCount of KNOWN_COUNTS) {
  for (const rule of RULES) {
    printRow([knownCount.toLocaleString('en'), rule.name, ...(await measure(rule, knownCount))]);
  }
}

const known = knownOf(many(TIMED_ROWS, (index) => honest(`known ${index}`)));
const rows = rowsOf(many(TIMED_ROWS, (index) => honest(`stranger ${index}`)));
const started = performance.now();
const found = await findLookAlikes(rows, known);
const seconds = ((performance.now() - started) / 1000).toFixed(2);
const count = TIMED_ROWS.toLocaleString('en');
const inFile = found.filter(({ kind }) => kind === 'SAME_FILE').length;
console.log(
  `\n${count} rows beside ${count} known addresses: ${seconds} s, ${found.length} honest rows warned of, ${inFile} of them for another row.`,
);
