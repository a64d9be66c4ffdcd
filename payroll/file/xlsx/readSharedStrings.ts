import { readXml } from './readXml.ts';
import { tooLarge } from './workbookError.ts';

export const MAX_SHARED_STRINGS = 1_000_000;
export const MAX_SHARED_STRING_CHARACTERS = 32 * 1024 * 1024;
/** Excel's limit; counted as the file writes it. */
export const MAX_CELL_CHARACTERS = 32_767;

/** The texts that cells name by number: with their parts of different looks put together, and without pronunciations. */
export async function readSharedStrings(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const strings: string[] = [];
  let characters = 0;
  const reader = stringReader();
  await readXml(pieces, {
    open(name) {
      if (name === 'si') reader.begin();
      reader.open(name);
    },
    text: reader.text,
    close(name) {
      reader.close(name);
      if (name !== 'si') return;
      const text = reader.take();
      characters += text.length;
      if (strings.length === MAX_SHARED_STRINGS || characters > MAX_SHARED_STRING_CHARACTERS)
        tooLarge('The workbook holds more texts than can be kept');
      strings.push(text);
    },
  });
  return strings;
}

/** Puts together the text of one `<si>` or `<is>` (ECMA-376 18.4): its `<t>`, but for those in `<rPh>`. */
export function stringReader() {
  let text = '';
  let inText = false;
  let inPronunciation = false;
  return {
    begin(): void {
      text = '';
    },
    open(name: string): void {
      if (name === 'rPh') inPronunciation = true;
      else if (name === 't') inText = !inPronunciation;
    },
    text(value: string): void {
      if (inText) text = appendText(text, value);
    },
    close(name: string): void {
      if (name === 'rPh') inPronunciation = false;
      else if (name === 't') inText = false;
    },
    take: (): string => unescapeText(text),
  };
}

/** What stands in a cell so far, with the next piece of it. @throws WorkbookError before it is longer than any cell */
export function appendText(text: string, more: string): string {
  if (text.length + more.length > MAX_CELL_CHARACTERS)
    tooLarge(`A cell of the workbook holds more than ${MAX_CELL_CHARACTERS} characters`);
  return text + more;
}

/** Excel writes a character that XML cannot hold as `_x000D_` (ECMA-376 22.9.2.19, ST_Xstring). */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
}
