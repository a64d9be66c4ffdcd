/** A row longer than this is an unpaired quote that swallowed the rest of the file, or no row at all. */
const MAX_ROW_CHARACTERS = 64 * 1024;

export const CSV_FAULTS = {
  QUOTE_NOT_CLOSED: 'A double quote opens in this row and never closes. Nothing after it can be read.',
  TEXT_AFTER_QUOTE:
    'After a closing double quote comes neither a separator nor the end of the row. Write a quote inside a value twice ("").',
  QUOTE_INSIDE_VALUE:
    'A double quote stands inside a value that is not quoted. Put the whole value in quotes and write the inner one twice ("").',
  ROW_TOO_LONG: `The row is longer than ${MAX_ROW_CHARACTERS} characters: most likely a double quote opens here and never closes.`,
  ROW_WITHOUT_END: `The row is longer than ${MAX_ROW_CHARACTERS} characters, and no line ends in it: this is hardly a CSV file.`,
} as const satisfies Record<string, string>;

/** What keeps a text from being CSV, in the row after those that were read. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  /** The field of the row in which it was noticed; 0 is the first. */
  readonly field: number;
  constructor(code: keyof typeof CSV_FAULTS, field: number) {
    super(CSV_FAULTS[code]);
    this.field = field;
  }
}

export type CsvReader = {
  /** Takes the next piece of the text, which may end anywhere. @throws CsvError, and what `onRow` throws */
  write(text: string): void;
  /** @throws as `write` does */
  end(): void;
};

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts CSV (RFC 4180) into rows. They end with LF, CRLF or CR, in any mixture; a blank line is a row of one empty field.
 * @param delimiter one character
 */
export function csvReader(delimiter: string, onRow: (fields: string[]) => void): CsvReader {
  const separator = delimiter.charCodeAt(0);
  let state: 'BEFORE_VALUE' | 'IN_VALUE' | 'IN_QUOTES' | 'AFTER_QUOTE' = 'BEFORE_VALUE';
  let fields: string[] = [];
  let field = '';
  let rowCharacters = 0;
  /** The last row ended with CR: an LF that follows belongs to it. */
  let maySkipLineFeed = false;

  const fail = (code: keyof typeof CSV_FAULTS): never => {
    throw new CsvError(code, fields.length);
  };
  const take = (text: string): void => {
    rowCharacters += text.length;
    if (rowCharacters > MAX_ROW_CHARACTERS) fail(state === 'IN_QUOTES' ? 'ROW_TOO_LONG' : 'ROW_WITHOUT_END');
    field += text;
  };
  const endField = (): void => {
    take('');
    rowCharacters += 1;
    fields.push(field);
    field = '';
    state = 'BEFORE_VALUE';
  };
  const endRow = (): void => {
    endField();
    const row = fields;
    fields = [];
    rowCharacters = 0;
    onRow(row);
  };
  /** Takes a character that ends a value; false when it does not. */
  const endsValue = (character: number): boolean => {
    if (character === separator) endField();
    else if (character === LINE_FEED || character === CARRIAGE_RETURN) {
      endRow();
      maySkipLineFeed = character === CARRIAGE_RETURN;
    } else return false;
    return true;
  };

  /** Reads on in a value without quotes. @returns where it got to */
  const readValue = (text: string, start: number): number => {
    let end = start;
    for (; end < text.length; end += 1) {
      const character = text.charCodeAt(end);
      if (character === QUOTE) fail('QUOTE_INSIDE_VALUE');
      if (character === separator || character === LINE_FEED || character === CARRIAGE_RETURN) break;
    }
    take(text.slice(start, end));
    if (end === text.length) return end;
    endsValue(text.charCodeAt(end));
    return end + 1;
  };
  const readQuoted = (text: string, start: number): number => {
    const end = text.indexOf('"', start);
    take(text.slice(start, end < 0 ? text.length : end));
    if (end < 0) return text.length;
    state = 'AFTER_QUOTE';
    return end + 1;
  };

  return {
    write(text) {
      let at = 0;
      while (at < text.length) {
        const character = text.charCodeAt(at);
        if (maySkipLineFeed) {
          maySkipLineFeed = false;
          if (character === LINE_FEED) {
            at += 1;
            continue;
          }
        }
        if (state === 'BEFORE_VALUE') {
          state = character === QUOTE ? 'IN_QUOTES' : 'IN_VALUE';
          if (character === QUOTE) at += 1;
        } else if (state === 'IN_VALUE') at = readValue(text, at);
        else if (state === 'IN_QUOTES') at = readQuoted(text, at);
        else {
          if (character === QUOTE) {
            take('"');
            state = 'IN_QUOTES';
          } else if (!endsValue(character)) fail('TEXT_AFTER_QUOTE');
          at += 1;
        }
      }
    },
    end() {
      if (state === 'IN_QUOTES') fail('QUOTE_NOT_CLOSED');
      if (state !== 'BEFORE_VALUE' || fields.length > 0) endRow();
    },
  };
}
