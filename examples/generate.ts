// Writes the example payrolls beside this file: `node examples/generate.ts`. The same files every time; a test compares.
// No two files share a recipient or a reference: paying one changes nothing for who checks or pays another.
import { writeFileSync } from 'node:fs';
import { type Address, getAddress, keccak256, stringToBytes, zeroAddress } from 'viem';

/** The series of the payroll of a thousand. */
const PAYROLL = 'PAY';
const HEADER = 'recipient,amount,memo,reference';
const MEMO = '"Bonus, November 2026"';
/** In cents: the demonstration treasury pays the thousand ten times over. */
const LEAST_CENTS = 2_500;
const MOST_CENTS = 14_500;

/** Payee number `index` of a file's own series: an address that nobody holds a key of. */
export function examplePayee(index: number, series = PAYROLL): Address {
  return getAddress(`0x${keccak256(stringToBytes(`example payee ${series} ${index}`)).slice(-40)}`);
}

/** A bonus as the file writes it, between LEAST_CENTS and MOST_CENTS; now and then with all six decimals of USDC. */
function exampleAmount(index: number): string {
  const drawn = BigInt(keccak256(stringToBytes(`example amount ${index}`)));
  const cents = LEAST_CENTS + Number(drawn % BigInt(MOST_CENTS - LEAST_CENTS + 1));
  const whole = Math.floor(cents / 100);
  const fraction = String(cents % 100).padStart(2, '0');
  if (index % 10 === 7) return `${whole}.${fraction}${String((drawn >> 64n) % 10_000n).padStart(4, '0')}`;
  return `${whole}.${fraction}`;
}

function payrollRow(index: number, series: string): string {
  const reference = `${series}-2026-11-${String(index + 1).padStart(5, '0')}`;
  return `${examplePayee(index, series)},${exampleAmount(index)},${MEMO},${reference}`;
}

/**
 * A payroll without a fault, of so many rows.
 * @param series upper case letters; files of different series have no recipient and no reference in common
 */
export function payroll(rowCount: number, series = PAYROLL): string {
  return file(Array.from({ length: rowCount }, (_, index) => payrollRow(index, series)));
}

/** Fifteen rows with one fault each, of fifteen kinds, among rows without. */
export function faultyPayroll(): string {
  const series = 'FAULTY';
  const payee = (index: number) => examplePayee(index, series);
  const [first, second] = [payrollRow(0, series), payrollRow(1, series)];
  return file([
    first,
    second,
    `${swapCase(payee(100))},100,checksum,F-01`,
    '0x1234,100,form,F-02',
    'So11111111111111111111111111111111111111112,100,another chain,F-03',
    `${zeroAddress},100,zero address,F-04`,
    `${payee(105)},0.00,zero,F-05`,
    `${payee(106)},-100,negative,F-06`,
    `${payee(107)},one hundred,not a number,F-07`,
    `${payee(108)},100.1234567,seven decimals,F-08`,
    `${payee(109)},"1,250",ambiguous separator,F-09`,
    `${payee(110)},100000000000000000000000,over uint96,F-10`,
    `${payee(111)},,missing amount,F-11`,
    `${payee(112)},100,duplicate reference,FAULTY-2026-11-00001`,
    `${payee(0)},${exampleAmount(0)},duplicate payment (a warning),F-13`,
    `${payee(114)},100,${'long '.repeat(101)},F-14`,
    `${payee(115)},100,one field too many,F-15,extra`,
    payrollRow(2, series),
  ]);
}

/** Spoils an EIP-55 checksum and nothing else. */
function swapCase(address: Address): string {
  const at = address.slice(2).search(/[a-f]/) + 2;
  return address.slice(0, at) + address.charAt(at).toUpperCase() + address.slice(at + 1);
}

function file(rows: readonly string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** Every file of this folder by its name. */
export const EXAMPLE_FILES: Readonly<Record<string, () => string>> = {
  'payroll-10.csv': () => payroll(10, 'TEAM'),
  'payroll-1000.csv': () => payroll(1_000),
  'payroll-faulty.csv': faultyPayroll,
};

if (import.meta.main) {
  for (const [name, content] of Object.entries(EXAMPLE_FILES)) {
    writeFileSync(new URL(name, import.meta.url), content());
  }
}
