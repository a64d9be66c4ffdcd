import { SaxesParser } from 'saxes';
import { damaged, tooLarge, WorkbookError } from './workbookError.ts';

export const MAX_XML_DEPTH = 64;
export const MAX_XML_ATTRIBUTES = 256;
/** Of text, a name, a comment: whatever the parser must hold as one. Excel's longest text has 32,767 characters. */
export const MAX_XML_TOKEN_CHARACTERS = 1024 * 1024;

export type XmlHandlers = {
  /** Names come without their prefix: which one stands for which namespace is the author's choice. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
};

/**
 * Reads XML in UTF-8 as it comes. A document type, and with it every entity but XML's own five, is refused.
 * @throws WorkbookError, and what the handlers throw
 */
export async function readXml(pieces: AsyncIterable<Uint8Array>, handlers: XmlHandlers): Promise<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let depth = 0;
  let attributes = 0;
  let sinceLastToken = 0;
  parser.on('error', () => damaged('A part of the workbook is not well-formed XML'));
  parser.on('doctype', refuseDocumentType);
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MAX_XML_ATTRIBUTES)
      tooLarge(`A part of the workbook has more than ${MAX_XML_ATTRIBUTES} attributes in one tag`);
  });
  parser.on('opentag', (tag) => {
    attributes = 0;
    sinceLastToken = 0;
    depth += 1;
    if (depth > MAX_XML_DEPTH) tooLarge(`A part of the workbook is nested more than ${MAX_XML_DEPTH} deep`);
    handlers.open(localName(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    sinceLastToken = 0;
    depth -= 1;
    handlers.close?.(localName(tag.name));
  });
  const text = (value: string): void => {
    sinceLastToken = 0;
    handlers.text?.(value);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  const write = (value: string): void => {
    parser.write(value);
    sinceLastToken += value.length;
    if (sinceLastToken > MAX_XML_TOKEN_CHARACTERS)
      tooLarge('A part of the workbook has a text longer than any cell can hold');
  };

  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) write(decode(decoder, piece));
  write(decode(decoder));
  parser.close();
}

/** The attribute that has this name after its prefix: `r:id`, `rel:id`. */
export function prefixed(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1];
}

/** As XML Schema writes a boolean. What is neither counts as true: of what may be hidden, that is the safe reading. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false';
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function refuseDocumentType(): never {
  throw new WorkbookError(
    'FILE_DAMAGED',
    'A part of the workbook declares a document type, which no workbook needs. Save the file anew from a spreadsheet.',
  );
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    return damaged('A part of the workbook is not UTF-8');
  }
}
