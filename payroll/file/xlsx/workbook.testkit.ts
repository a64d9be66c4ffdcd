import { strToU8, type Zippable, zipSync } from 'fflate';

const SPREADSHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

export type WorkbookContent = {
  /** Each a sheet's name with what stands in its `<worksheet>`. */
  sheets: Record<string, string>;
  /** What stands in `<sst>`; null leaves the part out. */
  strings?: string | null;
  /** What stands in `<styleSheet>`. */
  styles?: string | null;
  /** Attributes of a `<sheet>` besides its name, by its name. */
  attributes?: Record<string, string>;
  /** Other files of the archive, or other content of these. */
  files?: Zippable;
};

/** For tests: the files of a workbook, as its archive holds them. */
export function workbookFiles(content: WorkbookContent): Zippable {
  const { sheets, strings = null, styles = null, attributes = {}, files = {} } = content;
  const names = Object.keys(sheets);
  const relationship = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`;
  const list = (relationships: readonly string[]) =>
    strToU8(`<Relationships xmlns="${PACKAGE}">${relationships.join('')}</Relationships>`);
  const root = (name: string, inner: string) => strToU8(`<${name} xmlns="${SPREADSHEET}">${inner}</${name}>`);
  const sheetList = names.map(
    (name, index) =>
      `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index}" ${attributes[name] ?? ''}/>`,
  );
  return {
    '_rels/.rels': list([relationship('w', 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="${SPREADSHEET}" xmlns:r="${RELATIONSHIPS}"><sheets>${sheetList.join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': list([
      ...names.map((_, index) => relationship(`s${index}`, 'worksheet', `worksheets/sheet${index}.xml`)),
      ...(strings === null ? [] : [relationship('t', 'sharedStrings', 'sharedStrings.xml')]),
      ...(styles === null ? [] : [relationship('f', 'styles', '/xl/styles.xml')]),
    ]),
    ...(strings === null ? {} : { 'xl/sharedStrings.xml': root('sst', strings) }),
    ...(styles === null ? {} : { 'xl/styles.xml': root('styleSheet', styles) }),
    ...Object.fromEntries(
      names.map((name, index) => [
        `xl/worksheets/sheet${index}.xml`,
        root('worksheet', sheets[name] as string),
      ]),
    ),
    ...files,
  };
}

/** For tests: a workbook in XLSX. */
export function workbook(content: WorkbookContent): Uint8Array<ArrayBuffer> {
  return zipSync(workbookFiles(content));
}

/** For tests: rows of cells, each the inside of its `<c>` after its reference, or a text. Null leaves a cell out. */
export function sheetData(rows: readonly (readonly (string | null)[])[], firstRow = 1): string {
  const written = rows.map((cells, index) => {
    const row = firstRow + index;
    const inner = cells.map((cell, column) => {
      const reference = `r="${String.fromCharCode(65 + column)}${row}"`;
      if (cell === null) return '';
      return cell.startsWith('<c')
        ? cell.replace('<c', `<c ${reference}`)
        : `<c ${reference} t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
    });
    return `<row r="${row}">${inner.join('')}</row>`;
  });
  return `<sheetData>${written.join('')}</sheetData>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
