/** How a spreadsheet shows a number, as far as it matters to what a person reads there. */
export type NumberFormat =
  /** As it is. */
  | { readonly kind: 'PLAIN' }
  /** With this many decimals, perhaps grouped or beside a currency; before them at least `digits` digits. */
  | { readonly kind: 'FIXED'; readonly decimals: number; readonly digits: number; readonly isBare: boolean }
  | { readonly kind: 'SCIENTIFIC'; readonly significantDigits: number }
  | { readonly kind: 'DATE' }
  /** What may be another number than the cell's: scaled, a percentage, with more around it, or not understood. */
  | { readonly kind: 'OTHER' };

export type CellFormat = {
  /** Of positive numbers: amounts are. */
  readonly numbers: NumberFormat;
  /** False: a text is hidden, or others are shown with it. */
  readonly showsTexts: boolean;
};

export const PLAIN_FORMAT: CellFormat = { numbers: { kind: 'PLAIN' }, showsTexts: true };
export const UNKNOWN_FORMAT: CellFormat = { numbers: { kind: 'OTHER' }, showsTexts: false };

const MAX_SECTIONS = 4;
const FIXED_BODY = /^([0#?]+(?:,[0#?]+)*)(?:\.([0#?]+))?$/;
const SCIENTIFIC_BODY = /^[0#?]+(?:\.([0#?]+))?E[+-][0#?]+$/i;
/** Shows a whole number's every digit, and zeros where it says 0: what a reference is read with. */
const BARE_BODY = /^#*0+(?:\.0+)?$/;

/** What may stand beside an amount besides a sign of Unicode's currencies: none of it is a digit, a point or a “k”. */
const CURRENCY_WORDS: ReadonlySet<string> = new Set([
  ...['USDC', 'USDT', 'EURC', 'DAI', 'PYUSD', 'USD', 'EUR', 'GBP', 'CHF', 'JPY', 'CNY', 'RMB', 'HKD', 'TWD'],
  ...[
    'SGD',
    'AUD',
    'CAD',
    'NZD',
    'KRW',
    'INR',
    'BRL',
    'MXN',
    'ZAR',
    'SEK',
    'NOK',
    'DKK',
    'PLN',
    'CZK',
    'HUF',
  ],
  ...['AED', 'TRY', 'THB', 'IDR', 'MYR', 'PHP', 'VND', 'US$', 'HK$', 'NT$', 'A$', 'C$', 'S$', 'R$'],
  ...['kr', 'zł', 'Kč', 'Ft', 'Fr', '元', '円', '圆', '圓', '원'],
]);
const COLOR = /^(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2})$/i;
const ELAPSED = /^(?:h+|m+|s+)$/i;
const LOCALE_NAME = /^(?:[a-z]{2,3}(?:-[a-z]{2,4}){0,2}|x-euro[12])$/i;
const LOCALE_NUMBER = /^[0-9a-f]{1,8}$/i;
/** Locales that stand for the system's own form of a date and of a time. */
const SYSTEM_DATES: readonly number[] = [0xf800, 0xf400];
/** The first byte of a locale's number says in which script digits are shown: as is everywhere, or these. */
const LATIN_DIGITS: readonly number[] = [0, 1];

/** One of the parts of a format, for positive numbers, negative ones, zero, and text. */
type Section = {
  /** Shown before and after what stands for the number. */
  before: string;
  after: string;
  /** What stands for the number or the text. */
  body: string;
  isDate: boolean;
  /** For numbers of some size only, or cut off: nothing can be said of the other sections either. */
  spoilsAll: boolean;
  /** False: holds what is not understood. */
  isKnown: boolean;
};

/**
 * What a format shows. Only what is understood counts as showing the number that the cell holds. One pass: the time
 * grows with the length alone.
 * @param code as a spreadsheet's “custom format” shows it
 */
export function describeFormat(code: string): CellFormat {
  if (code === '') return PLAIN_FORMAT;
  const sections = scanSections(code);
  const [first] = sections;
  const last = sections.at(-1);
  if (first === undefined || last === undefined || sections.length > MAX_SECTIONS) return UNKNOWN_FORMAT;
  const ofText = sections.length === MAX_SECTIONS || last.body.includes('@') ? last : null;
  const ofNumbers = sections.length - (ofText !== null && sections.length > 1 ? 1 : 0);
  if (sections.some((section) => section.spoilsAll || (section !== last && section.body.includes('@'))))
    return UNKNOWN_FORMAT;
  // A format that is silent about texts shows them as they are.
  const showsTexts = ofText === null ? first.body !== '' || first.isDate : isTextAlone(ofText);
  return { numbers: describeSection(first, ofNumbers === 1), showsTexts };
}

function describeSection(section: Section, isOnly: boolean): NumberFormat {
  const { before, body, after } = section;
  if (section.isDate) return { kind: 'DATE' };
  if (!section.isKnown || !mayStandBeside(before) || !mayStandBeside(after)) return { kind: 'OTHER' };
  const isAlone = isOnly && before === '' && after === '';
  // Beside a currency, or for positive numbers alone: as many decimals as there are.
  if (body === 'General' || body === '@')
    return isAlone
      ? { kind: 'PLAIN' }
      : { kind: 'FIXED', decimals: Number.POSITIVE_INFINITY, digits: 0, isBare: false };
  const scientific = SCIENTIFIC_BODY.exec(body);
  if (scientific !== null)
    return before.trim() === '' && after.trim() === ''
      ? { kind: 'SCIENTIFIC', significantDigits: 1 + (scientific[1] ?? '').length }
      : { kind: 'OTHER' };
  const [, whole, fraction = ''] = FIXED_BODY.exec(body) ?? [];
  if (whole === undefined) return { kind: 'OTHER' };
  return {
    kind: 'FIXED',
    decimals: fraction.length,
    digits: whole.split('0').length - 1,
    isBare: isAlone && BARE_BODY.test(body),
  };
}

function isTextAlone({ before, body, after, isKnown }: Section): boolean {
  return isKnown && body === '@' && before.trim() === '' && after.trim() === '';
}

function mayStandBeside(text: string): boolean {
  const word = text.trim();
  return word === '' || CURRENCY_WORDS.has(word) || /^\p{Sc}$/u.test(word);
}

function scanSections(code: string): Section[] {
  let section = emptySection();
  const sections = [section];
  let at = 0;
  while (at < code.length) {
    const sign = code.charAt(at);
    if (sign === ';') {
      section = emptySection();
      sections.push(section);
      at += 1;
    } else if (sign === '"' || sign === '[') {
      const end = code.indexOf(sign === '"' ? '"' : ']', at + 1);
      const inner = code.slice(at + 1, end < 0 ? code.length : end);
      if (end < 0) section.spoilsAll = true;
      else if (sign === '"') addShown(section, inner);
      else addBracket(section, inner);
      at += inner.length + 2;
    } else if (sign === '\\' || sign === '_' || sign === '*') {
      const next = code.charAt(at + 1);
      // `_x` leaves a space as wide as the x; `*x` fills the cell with it.
      if (sign === '_') section.isKnown &&= next !== '' && !/[\p{N}.,'’]/u.test(next);
      else if (sign === '*') section.isKnown &&= next === ' ';
      addShown(section, sign === '\\' ? next : ' ');
      at += 2;
    } else if (/^general$/i.test(code.slice(at, at + 7))) {
      addBody(section, 'General');
      at += 7;
    } else {
      addSign(section, sign, code.charAt(at - 1));
      at += 1;
    }
  }
  return sections;
}

function emptySection(): Section {
  return { before: '', body: '', after: '', isDate: false, spoilsAll: false, isKnown: true };
}

function addShown(section: Section, text: string): void {
  if (section.body === '') section.before += text;
  else section.after += text;
}

function addBody(section: Section, text: string): void {
  // Something stands in the middle of the number.
  if (section.after !== '') section.isKnown = false;
  section.body += text;
}

function addSign(section: Section, sign: string, signBefore: string): void {
  const isExponent = /[+-]/.test(sign) && /E/i.test(signBefore);
  if (/[0#?.,@E]/i.test(sign) || isExponent) addBody(section, sign);
  else if (/[ymdhsbg上下]/i.test(sign)) section.isDate = true;
  else addShown(section, sign);
}

/** What stands in square brackets: a color, a time, a currency or a locale, a condition, a script of digits. */
function addBracket(section: Section, inner: string): void {
  if (COLOR.test(inner)) return;
  if (ELAPSED.test(inner)) section.isDate = true;
  else if (inner.startsWith('$')) addCurrency(section, inner.slice(1));
  else {
    section.isKnown = false;
    section.spoilsAll ||= /^[<>=]/.test(inner);
  }
}

/** @param inner such as `€-407` or `-en-US` */
function addCurrency(section: Section, inner: string): void {
  const dash = inner.indexOf('-');
  const locale = dash < 0 ? '' : inner.slice(dash + 1);
  if (LOCALE_NUMBER.test(locale)) {
    const number = Number.parseInt(locale, 16);
    section.isDate ||= SYSTEM_DATES.includes(number & 0xffff);
    section.isKnown &&= LATIN_DIGITS.includes(number >>> 24);
  } else if (dash >= 0 && !LOCALE_NAME.test(locale)) section.isKnown = false;
  addShown(section, dash < 0 ? inner : inner.slice(0, dash));
}
