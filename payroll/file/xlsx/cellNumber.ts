import type { FileIssueCode } from '../fileIssue.ts';
import type { NumberFormat } from './describeFormat.ts';

/** A spreadsheet keeps this many digits of a number, and silently drops those after. */
const MAX_SIGNIFICANT_DIGITS = 15;
const MAX_ZEROS_SHOWN = 30;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i;

export type CellNumber =
  | { readonly text: string }
  | { readonly code: FileIssueCode; readonly message: string };

/**
 * The number of a cell as a decimal, when it is exactly what the spreadsheet shows. It stores binary fractions: 1250.1
 * stands in the file as 1250.0999999999999, and is the same number.
 * @param stored as the file has it
 * @param isAmount false: it is a text such as an invoice's number, whose leading zeros and signs count
 */
export function readCellNumber(stored: string, format: NumberFormat, isAmount: boolean): CellNumber {
  if (!NUMBER.test(stored)) return { text: stored };
  const value = Number(stored);
  if (!Number.isFinite(value)) return tooPrecise();
  const { negative, digits, exponent } = parts(value);
  if (digits.length > MAX_SIGNIFICANT_DIGITS) return tooPrecise();
  const integerDigits = digits.length + exponent;
  if (integerDigits > MAX_SIGNIFICANT_DIGITS) {
    const message = `The number is longer than the ${MAX_SIGNIFICANT_DIGITS} digits that a spreadsheet keeps: others may be lost. Format the cell as text and type it again.`;
    return { code: 'NUMBER_SCIENTIFIC', message };
  }
  if (integerDigits < -MAX_ZEROS_SHOWN) return tooPrecise();
  if (format.kind === 'SCIENTIFIC' && digits.length > format.significantDigits) {
    const message =
      'The cell shows the number in scientific form, without some of its digits. Format it as a number with enough decimals, or as text.';
    return { code: 'NUMBER_SCIENTIFIC', message };
  }
  const text = (negative ? '-' : '') + plain(digits, exponent);
  if (format.kind === 'FIXED' && (isAmount || format.isBare)) {
    if (-exponent > format.decimals) return shownDifferently();
    return { text: isAmount ? text : asShown(text, format) };
  }
  return format.kind === 'FIXED' || format.kind === 'OTHER' ? shownDifferently() : { text };
}

/** The shortest decimal that is this number and no other: its digits without zeros around, times ten to the exponent. */
function parts(value: number): { negative: boolean; digits: string; exponent: number } {
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const all = mantissa.replace('.', '');
  const digits = all.replace(/0+$/, '') || '0';
  const exponent = value === 0 ? 0 : Number(power) - (digits.length - 1);
  return { negative: value < 0, digits, exponent };
}

function plain(digits: string, exponent: number): string {
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** With the zeros that the format shows. */
function asShown(text: string, { decimals, digits }: { decimals: number; digits: number }): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const shown = whole.padStart(digits, '0') + (decimals === 0 ? '' : `.${fraction.padEnd(decimals, '0')}`);
  return (text.startsWith('-') ? '-' : '') + shown;
}

function tooPrecise(): CellNumber {
  const message = `The number has more than the ${MAX_SIGNIFICANT_DIGITS} digits that a spreadsheet shows: it is the result of a calculation. Round it, or type it in.`;
  return { code: 'NUMBER_TOO_PRECISE', message };
}

function shownDifferently(): CellNumber {
  const message =
    'The cell shows another text than the number it holds: rounded, scaled, as a percentage or with more around it. Type what should be read, and format the cell as text.';
  return { code: 'NUMBER_SHOWN_DIFFERENTLY', message };
}
