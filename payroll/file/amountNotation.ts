/** What stands before the decimals. */
export type DecimalMark = '.' | ',';

export type NotedAmount =
  /** One reading: with a point before the decimals and nothing else. `mark` is null where it says nothing of the file's. */
  | { readonly plain: string; readonly mark: DecimalMark | null }
  /** Two readings: `1,250` and `1.250` are 1250 to some, 1.25 to others. */
  | 'AMBIGUOUS'
  /** Not a number in any notation that is known here. */
  | null;

/** Between thousands, besides the mark that does not stand before the decimals: spaces and apostrophes. */
const GROUPING = "[ \\u00a0\\u202f'’]";
const DECIMALS = /^([+-]?)(\d*)([.,])(\d*)$/;
const GROUPED = new RegExp(`^([+-]?)(\\d{1,3}(?:([.,]|${GROUPING})\\d{3})(?:\\3\\d{3})*)(?:([.,])(\\d*))?$`);

/**
 * Reads how an amount is written. Of two marks the last stands before the decimals; one that stands twice stands between
 * thousands; and one alone stands before the decimals, unless what follows may as well be thousands.
 * @param text without white space around it
 */
export function readNotation(text: string): NotedAmount {
  if (/^[+-]?\d+$/.test(text)) return { plain: text, mark: null };
  const [, sign = '', whole = '', mark, decimals = ''] = DECIMALS.exec(text) ?? [];
  if (mark !== undefined) {
    if (whole === '' && decimals === '') return null;
    const mayBeThousands = /^[1-9]\d{0,2}$/.test(whole) && decimals.length === 3;
    return mayBeThousands ? 'AMBIGUOUS' : noted(sign, whole, decimals, mark as DecimalMark);
  }
  return readGrouped(text);
}

function readGrouped(text: string): NotedAmount {
  const [, sign = '', whole = '', group = '', mark, decimals = ''] = GROUPED.exec(text) ?? [];
  if (group === '' || group === mark || whole.startsWith('0')) return null;
  const digits = whole.replaceAll(group, '');
  if (mark !== undefined) return noted(sign, digits, decimals, mark as DecimalMark);
  // Thousands alone: between them stands what does not stand before decimals.
  const isMark = group === '.' || group === ',';
  return { plain: sign + digits, mark: isMark ? (group === '.' ? ',' : '.') : null };
}

function noted(sign: string, whole: string, decimals: string, mark: DecimalMark): NotedAmount {
  return { plain: `${sign}${whole || '0'}${decimals === '' ? '' : `.${decimals}`}`, mark };
}
