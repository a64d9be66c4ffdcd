import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { examplePayee } from '../../examples/generate.ts';
import { readText } from './readText.testkit.ts';
import { MAX_MERGED_RANGES } from './xlsx/mergedCells.ts';
import { MAX_RELATIONSHIPS, MAX_SHEETS } from './xlsx/openWorkbook.ts';
import {
  MAX_CELL_CHARACTERS,
  MAX_SHARED_STRING_CHARACTERS,
  MAX_SHARED_STRINGS,
} from './xlsx/readSharedStrings.ts';
import { MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_TOKEN_CHARACTERS } from './xlsx/readXml.ts';
import { MAX_OPEN_ARRAYS } from './xlsx/sheetRows.ts';
import { sheetData, workbookFiles } from './xlsx/workbook.testkit.ts';
import { MAX_UNPACKING_RATIO, MAX_ZIP_ENTRIES } from './xlsx/zipDirectory.ts';

const SHEET = 'xl/worksheets/sheet0.xml';
const STRINGS = 'xl/sharedStrings.xml';
const GOOD = sheetData([
  ['recipient', 'amount'],
  [examplePayee(0), '1'],
]);

/** A good workbook with other files in it. */
function archive(files: Zippable = {}): Uint8Array<ArrayBuffer> {
  return zipSync(workbookFiles({ sheets: { Payroll: GOOD }, strings: '', files }));
}

/** Fields of a file's entry in the central directory, by their offset. */
const FLAGS = 8;
const METHOD = 10;
const CRC = 16;
const UNPACKED_BYTES = 24;
const OFFSET = 42;

function indexOfSignature(view: DataView, signature: number, from = 0): number {
  for (let at = from; at + 4 <= view.byteLength; at += 1)
    if (view.getUint32(at, true) === signature) return at;
  throw new Error('There is no such record.');
}

function entryOf(bytes: Uint8Array<ArrayBuffer>, name: string): { view: DataView; at: number } {
  const view = new DataView(bytes.buffer);
  for (let at = indexOfSignature(view, 0x02014b50); ; at = indexOfSignature(view, 0x02014b50, at + 1)) {
    const length = view.getUint16(at + 28, true);
    if (new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length)) === name) return { view, at };
  }
}

/** The archive with fields of one entry changed. */
function altered(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  field: number,
  change: (value: number) => number,
): Uint8Array<ArrayBuffer> {
  const { view, at } = entryOf(bytes, name);
  if (field === FLAGS || field === METHOD) {
    view.setUint16(at + field, change(view.getUint16(at + field, true)), true);
  } else view.setUint32(at + field, change(view.getUint32(at + field, true)), true);
  return bytes;
}

/** Not packed: what is repeated often would break the limit of the ratio first. */
const stored = (text: string): [Uint8Array, { level: 0 }] => [strToU8(text), { level: 0 }];
const sheetOf = (inner: string) => `<worksheet>${inner}</worksheet>`;

async function expectRefused(bytes: Uint8Array<ArrayBuffer>, code: string, message: RegExp): Promise<void> {
  const { preview, issues } = await readText(bytes);
  expect(preview).toBeNull();
  expect(issues).toEqual([expect.objectContaining({ code, message: expect.stringMatching(message) })]);
}

test('the workbook that these are made of is read', async () => {
  expect((await readText(archive())).lines).toHaveLength(1);
});

describe('limits', () => {
  const entries = Object.fromEntries(
    Array.from({ length: MAX_ZIP_ENTRIES }, (_, index) => [`f${index}`, new Uint8Array()]),
  );
  const zeros = (bytes: number) => new Uint8Array(bytes).fill(0x20);
  test.each<[string, () => Uint8Array<ArrayBuffer>, RegExp]>([
    ['files', () => archive(entries), /more than 1000 files/],
    ['a ratio', () => archive({ [SHEET]: zeros(2 ** 20) }), new RegExp(`${MAX_UNPACKING_RATIO} times`)],
    ['depth', () => archive({ [SHEET]: strToU8('<a>'.repeat(MAX_XML_DEPTH + 1)) }), /nested/],
    [
      'attributes',
      () => {
        const names = Array.from({ length: MAX_XML_ATTRIBUTES + 1 }, (_, index) => `a${index}=""`);
        return archive({ [SHEET]: strToU8(`<worksheet ${names.join(' ')}/>`) });
      },
      /attributes/,
    ],
    [
      'a text',
      () => archive({ [SHEET]: stored(`<worksheet>${'x'.repeat(MAX_XML_TOKEN_CHARACTERS + 2 ** 17)}`) }),
      /longer than any cell/,
    ],
    [
      'a comment',
      () => archive({ [SHEET]: stored(`<worksheet><!--${'x'.repeat(MAX_XML_TOKEN_CHARACTERS + 2 ** 17)}`) }),
      /longer than any cell/,
    ],
    [
      'shared strings',
      () => archive({ [STRINGS]: stored(`<sst>${'<si/>'.repeat(MAX_SHARED_STRINGS + 1)}</sst>`) }),
      /more texts/,
    ],
    [
      'characters of shared strings',
      () => {
        const text = `<si><t>${'x'.repeat(MAX_CELL_CHARACTERS)}</t></si>`;
        const count = Math.ceil(MAX_SHARED_STRING_CHARACTERS / MAX_CELL_CHARACTERS) + 1;
        return archive({ [STRINGS]: stored(`<sst>${text.repeat(count)}</sst>`) });
      },
      /more texts/,
    ],
    ...Object.entries({
      'a shared text': (text: string) => ({ [STRINGS]: stored(`<sst><si>${text}</si></sst>`) }),
      'an inline text': (text: string) => ({
        [SHEET]: stored(sheetOf(`<sheetData><row><c t="inlineStr"><is>${text}</is></c></row></sheetData>`)),
      }),
      'a value': (text: string) => ({
        [SHEET]: stored(
          sheetOf(`<sheetData><row><c t="str">${text.replaceAll('t>', 'v>')}</c></row></sheetData>`),
        ),
      }),
    }).map(([name, files]): [string, () => Uint8Array<ArrayBuffer>, RegExp] => {
      const half = `<t>${'x'.repeat(Math.ceil(MAX_CELL_CHARACTERS / 2))}</t>`;
      return [`${name} of a cell`, () => archive(files(half + half)), /32767 characters/];
    }),
    [
      'relationships',
      () => {
        const list = Array.from({ length: MAX_RELATIONSHIPS + 1 }, (_, index) => {
          return `<Relationship Id="r${index}" Type="x/t" Target="x"/>`;
        });
        return archive({
          'xl/_rels/workbook.xml.rels': strToU8(`<Relationships>${list.join('')}</Relationships>`),
        });
      },
      /5000 others/,
    ],
    [
      'sheets, also of those that are not shown',
      () => {
        const list = '<sheet name="P" state="hidden" r:id="nowhere"/>'.repeat(MAX_SHEETS + 1);
        return archive({ 'xl/workbook.xml': strToU8(`<workbook><sheets>${list}</sheets></workbook>`) });
      },
      /1000 sheets/,
    ],
    [
      'merged cells',
      () => {
        const list = '<mergeCell ref="A1"/>'.repeat(MAX_MERGED_RANGES + 1);
        return archive({ [SHEET]: stored(sheetOf(`<mergeCells>${list}</mergeCells>`)) });
      },
      /200000 merged/,
    ],
    [
      'columns',
      () =>
        archive({ [SHEET]: strToU8(sheetOf('<sheetData><row><c r="AMK1"><v>1</v></c></row></sheetData>')) }),
      /1024 columns/,
    ],
    [
      'array formulas',
      () => {
        const cells = Array.from({ length: MAX_OPEN_ARRAYS + 1 }, () => '<c><f t="array" ref="A1:A9"/></c>');
        return archive({
          [SHEET]: strToU8(sheetOf(`<sheetData><row>${cells.join('')}</row></sheetData>`)),
        });
      },
      /array formulas/,
    ],
  ])('of %s', async (_, bytes, message) => {
    await expectRefused(bytes(), 'FILE_TOO_LARGE_UNPACKED', message);
  });

  test('of bytes in all: of parts that are each small enough', async () => {
    let bytes = archive(
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`part${index}`, stored('')])),
    );
    for (let index = 0; index < 300; index += 1)
      bytes = altered(bytes, `part${index}`, UNPACKED_BYTES, () => 2 ** 20 - 1);
    for (let index = 0; index < 300; index += 1) bytes = altered(bytes, `part${index}`, METHOD, () => 8);
    await expectRefused(bytes, 'FILE_TOO_LARGE_UNPACKED', /256 MiB/);
  });

  test('what says that it is small is unpacked no further than that, in little memory', async () => {
    const bytes = altered(archive({ [SHEET]: new Uint8Array(2 ** 26) }), SHEET, UNPACKED_BYTES, () => 1_000);
    const before = process.memoryUsage();
    await expectRefused(bytes, 'FILE_DAMAGED', /larger than its directory says/);
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    expect(grown).toBeLessThan(2 ** 26);
  });
});

describe('what no spreadsheet writes', () => {
  const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>';
  test.each<[string, () => Uint8Array<ArrayBuffer>, RegExp]>([
    ['a document type', () => archive({ [SHEET]: strToU8(`${doctype}${sheetOf('&b;')}`) }), /document type/],
    ['an entity', () => archive({ [SHEET]: strToU8(sheetOf('&b;')) }), /well-formed/],
    ['XML that does not end', () => archive({ [SHEET]: strToU8('<worksheet>') }), /well-formed/],
    ['XML in another encoding', () => archive({ [SHEET]: new Uint8Array([0x3c, 0xff, 0xfe]) }), /UTF-8/],
    ['two files of one name', () => archive({ [SHEET.toUpperCase()]: strToU8('') }), /one name/],
    ['a wrong checksum', () => altered(archive(), SHEET, CRC, (crc) => crc ^ 1), /checksum/],
    ['a size too large', () => altered(archive(), SHEET, UNPACKED_BYTES, (size) => size + 1), /checksum/],
    ['a size too small', () => altered(archive(), SHEET, UNPACKED_BYTES, (size) => size - 1), /larger than/],
    ['files that overlap', () => altered(archive(), SHEET, OFFSET, () => 0), /overlap/],
    ['a file elsewhere', () => altered(archive(), STRINGS, OFFSET, (at) => at + 1), /not where|overlap/],
    ['an unknown way to pack', () => altered(archive(), SHEET, METHOD, () => 12), /unknown way/],
    ['what is packed and says it is not', () => altered(archive(), SHEET, METHOD, () => 0), /two sizes/],
    ['ZIP64', () => altered(archive(), SHEET, UNPACKED_BYTES, () => 0xffffffff), /ZIP64/],
    ['a cut end', () => archive().slice(0, -1), /no end/],
    ['bytes after the end', () => Uint8Array.from([...archive(), 0]), /no end/],
    [
      'another name before the bytes',
      () => {
        const bytes = archive();
        const { view, at } = entryOf(bytes, SHEET);
        bytes[view.getUint32(at + OFFSET, true) + 30] = 0x79;
        return bytes;
      },
      /two names/,
    ],
    [
      'a text that is not there',
      () => archive({ [SHEET]: strToU8(sheetOf(row('<c t="s"><v>0</v></c>'))) }),
      /text/,
    ],
    [
      'two relationships of one name',
      () => {
        const one = '<Relationship Id="s0" Type="x/worksheet" Target="worksheets/sheet0.xml"/>';
        return archive({
          'xl/_rels/workbook.xml.rels': strToU8(`<Relationships>${one}${one}</Relationships>`),
        });
      },
      /one name/,
    ],
    ['rows out of order', () => archive({ [SHEET]: strToU8(sheetOf(row('', 2, 1))) }), /rows are out/],
    ['a row too far down', () => archive({ [SHEET]: strToU8(sheetOf(row('', 1_048_577))) }), /rows are out/],
    [
      'cells out of order',
      () => archive({ [SHEET]: strToU8(sheetOf(row('<c r="B1"/><c r="A1"/>'))) }),
      /cells/,
    ],
    ['a cell of another row', () => archive({ [SHEET]: strToU8(sheetOf(row('<c r="A7"/>'))) }), /cells/],
    ['a column too far', () => archive({ [SHEET]: strToU8(sheetOf(row('<c r="XFE1"/>'))) }), /cells/],
    ['a cell nowhere', () => archive({ [SHEET]: strToU8(sheetOf(row('<c r="1A"/>'))) }), /no place/],
  ])('%s', async (_, bytes, message) => {
    await expectRefused(bytes(), 'FILE_DAMAGED', message);
  });

  function row(cells: string, ...numbers: number[]): string {
    const rows = (numbers.length === 0 ? [1] : numbers).map((at) => `<row r="${at}">${cells}</row>`);
    return `<sheetData>${rows.join('')}</sheetData>`;
  }

  test.each(['../evil', '/evil', 'a/../../evil', 'a\\evil', 'C:evil', 'a\0b'])(
    'the name %j',
    async (name) => {
      await expectRefused(archive({ [name]: strToU8('') }), 'FILE_DAMAGED', /leads out/);
    },
  );

  test('a workbook in a workbook is not looked into', async () => {
    const bytes = archive({
      'xl/embeddings/book.xlsx': archive(),
      'xl/embeddings/bomb.zip': new Uint8Array(9),
    });
    expect((await readText(bytes)).lines).toHaveLength(1);
  });

  test.each(['content.xml', 'word/document.xml'])('an archive of %s is no workbook', async (name) => {
    await expectRefused(zipSync({ [name]: strToU8('<a/>') }), 'FILE_NOT_CSV', /no XLSX workbook/);
  });
});

describe('a password', () => {
  test('on the archive', async () => {
    await expectRefused(
      altered(archive(), SHEET, FLAGS, (flags) => flags | 1),
      'FILE_ENCRYPTED',
      /password/,
    );
  });

  test('on the workbook, which is then a compound file', async () => {
    const bytes = new Uint8Array(2048);
    const view = new DataView(bytes.buffer);
    bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    view.setUint16(30, 9, true);
    view.setUint32(48, 1, true);
    bytes.set(Buffer.from('EncryptedPackage', 'utf16le'), 1024);
    await expectRefused(bytes, 'FILE_ENCRYPTED', /password/);
  });
});
