import { type Language, useLanguage } from './language.ts';

/** Amounts, numbers and times as people of the chosen language write them. */
export type Format = {
  /** An exact decimal, grouped; nothing is rounded. Zeros at its end are kept down to `minDecimals`. */
  amount(decimal: string, minDecimals?: number): string;
  number(value: number): string;
  percent(fraction: number): string;
  dateTime(iso: string): string;
  date(iso: string): string;
  time(iso: string): string;
  /** A day (`YYYY-MM-DD`, in UTC) without its year, the same wherever people are. */
  day(day: string): string;
  /** "1.4 MB". */
  fileSize(bytes: number): string;
  /** "3 minutes ago". */
  relative(iso: string, now: number): string;
};

const MIN_MONEY_DECIMALS = 2;
const MAX_DECIMALS = 18;
const SIZES = ['byte', 'kilobyte', 'megabyte'] as const;
const SIZE_STEP = 1024;
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** One a language for all of the client: making them takes longer than drawing a row of a list may. */
const formats = new Map<Language, Format>();

export function useFormat(): Format {
  const language = useLanguage();
  const known = formats.get(language);
  if (known !== undefined) return known;
  const made = createFormat(language === 'zh' ? 'zh-CN' : 'en');
  formats.set(language, made);
  return made;
}

function createFormat(locale: string): Format {
  const number = new Intl.NumberFormat(locale);
  const amounts = new Map<number, Intl.NumberFormat>();
  const amountsWith = (minDecimals: number) => {
    const known = amounts.get(minDecimals);
    if (known !== undefined) return known;
    const made = new Intl.NumberFormat(locale, {
      minimumFractionDigits: minDecimals,
      maximumFractionDigits: MAX_DECIMALS,
    });
    amounts.set(minDecimals, made);
    return made;
  };
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const sizes = sizeFormats(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    // A string keeps every digit; a number would not.
    amount: (decimal, minDecimals = MIN_MONEY_DECIMALS) =>
      amountsWith(minDecimals).format(decimal as Intl.StringNumericLiteral),
    number: (value) => number.format(value),
    percent: (fraction) => percent.format(fraction),
    dateTime: (iso) => dateTime.format(new Date(iso)),
    date: (iso) => date.format(new Date(iso)),
    time: (iso) => time.format(new Date(iso)),
    day: (utcDay) => day.format(new Date(utcDay)),
    fileSize: (bytes) => {
      const power = bytes < SIZE_STEP ? 0 : bytes < SIZE_STEP ** 2 ? 1 : 2;
      return sizes[power]?.format(bytes / SIZE_STEP ** power) ?? '';
    },
    relative: (iso, now) => {
      const past = Date.parse(iso) - now;
      const [unit, size] = UNITS.find(([, length]) => Math.abs(past) >= length) ?? ['second', 1_000];
      return relative.format(Math.round(past / size), unit);
    },
  };
}

function sizeFormats(locale: string): Intl.NumberFormat[] {
  return SIZES.map(
    (unit) =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: 1,
      }),
  );
}
