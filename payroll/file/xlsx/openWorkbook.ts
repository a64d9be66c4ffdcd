import { prefixed, readXml } from './readXml.ts';
import { unpackPart } from './unpackPart.ts';
import { damaged, tooLarge, WorkbookError } from './workbookError.ts';
import { readZipDirectory, type ZipEntry } from './zipDirectory.ts';

/** What Excel allows is limited by memory; a list of more is nothing to choose from. */
export const MAX_SHEETS = 1_000;
/** Of a part to others: of the workbook, to each sheet and some more. */
export const MAX_RELATIONSHIPS = 5_000;
const MAX_NAMES_IN_MESSAGE = 10;

export type Workbook = {
  /** The sheets that a person sees, in their order. */
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly sharedStringsPart: string | null;
  readonly stylesPart: string | null;
  /** A part's bytes, unpacked. @throws WorkbookError */
  read(part: string): AsyncIterable<Uint8Array>;
};

type Relationship = { readonly id: string; readonly type: string; readonly part: string };

/** Opens an XLSX workbook (ECMA-376, Office Open XML). @throws WorkbookError */
export async function openWorkbook(file: Blob): Promise<Workbook> {
  const entries = await readZipDirectory(file);
  const read = (part: string): AsyncIterable<Uint8Array> => {
    const entry: ZipEntry | undefined = entries.get(part.toLowerCase());
    if (entry === undefined) damaged('The workbook lacks one of its parts');
    return unpackPart(file, entry);
  };
  const relationshipsOf = (part: string): Promise<Relationship[]> => {
    const folder = part.slice(0, part.lastIndexOf('/') + 1);
    const relationshipsPart = `${folder}_rels/${part.slice(folder.length)}.rels`;
    return entries.has(relationshipsPart.toLowerCase())
      ? readRelationships(read(relationshipsPart), folder)
      : Promise.resolve([]);
  };

  const workbookPart = (await relationshipsOf('')).find(({ type }) => type === 'officeDocument')?.part;
  if (workbookPart === undefined || !/\.xml$/i.test(workbookPart)) refuseOtherArchive();
  const relationships = await relationshipsOf(workbookPart);
  const partOf = (type: string) => relationships.find((found) => found.type === type)?.part ?? null;
  const sheets = await readSheets(read(workbookPart), relationships);
  if (sheets.length === 0) refuseOtherArchive();
  return { sheets, sharedStringsPart: partOf('sharedStrings'), stylesPart: partOf('styles'), read };
}

/** @param name as the spreadsheet shows it; null for the first. @throws WorkbookError SHEET_UNKNOWN */
export function findSheet(workbook: Workbook, name: string | null): Workbook['sheets'][number] {
  const wanted = name?.trim().toLowerCase();
  const sheet =
    wanted === undefined
      ? workbook.sheets[0]
      : workbook.sheets.find((candidate) => candidate.name.trim().toLowerCase() === wanted);
  if (sheet !== undefined) return sheet;
  const names = workbook.sheets
    .slice(0, MAX_NAMES_IN_MESSAGE)
    .map((candidate) => `“${candidate.name}”`)
    .join(', ');
  throw new WorkbookError(
    'SHEET_UNKNOWN',
    `No sheet that is shown has this name. The workbook has ${names}.`,
  );
}

async function readRelationships(pieces: AsyncIterable<Uint8Array>, folder: string): Promise<Relationship[]> {
  const found: Relationship[] = [];
  const ids = new Set<string>();
  await readXml(pieces, {
    open(name, { Id: id, Type: type, Target: target, TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      if (id === undefined || type === undefined || target === undefined) return;
      if (found.length === MAX_RELATIONSHIPS)
        tooLarge(`A part of the workbook refers to more than ${MAX_RELATIONSHIPS} others`);
      if (ids.has(id)) damaged('A part of the workbook refers to two others by one name');
      ids.add(id);
      // The types are URIs whose beginning differs between the two editions of the standard.
      found.push({ id, type: type.slice(type.lastIndexOf('/') + 1), part: resolve(folder, target) });
    },
  });
  return found;
}

/** The part that a relationship of a part in `folder` leads to. */
function resolve(folder: string, target: string): string {
  const steps = target.startsWith('/') ? [] : folder.split('/').filter((step) => step !== '');
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

async function readSheets(
  pieces: AsyncIterable<Uint8Array>,
  relationships: readonly Relationship[],
): Promise<Workbook['sheets']> {
  const sheets: { name: string; part: string }[] = [];
  const byId = new Map(relationships.map((relationship) => [relationship.id, relationship]));
  let count = 0;
  await readXml(pieces, {
    open(element, attributes) {
      if (element !== 'sheet') return;
      count += 1;
      if (count > MAX_SHEETS) tooLarge(`The workbook has more than ${MAX_SHEETS} sheets`);
      if ((attributes.state ?? 'visible') !== 'visible') return;
      const sheet = byId.get(prefixed(attributes, 'id') ?? '');
      // A chart may have a sheet of its own.
      if (attributes.name === undefined || sheet?.type !== 'worksheet') return;
      sheets.push({ name: attributes.name, part: sheet.part });
    },
  });
  return sheets;
}

function refuseOtherArchive(): never {
  throw new WorkbookError(
    'FILE_NOT_CSV',
    'This is an archive or a document, and no XLSX workbook with a sheet that is shown. Save the payouts as “Excel workbook (.xlsx)” or “CSV UTF-8”.',
  );
}
