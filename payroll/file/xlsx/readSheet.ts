import type { RowReader } from '../rowReader.ts';
import { appendText, stringReader } from './readSharedStrings.ts';
import { readXml } from './readXml.ts';
import { refuseConditionalFormat, type SheetParts, sheetRows } from './sheetRows.ts';
import { damaged } from './workbookError.ts';

/**
 * Reads a worksheet's cells into rows (ECMA-376 18.3). Only columns that the header names are looked at, and faults are
 * told of those alone that are read.
 * @throws WorkbookError, ReadingStopped
 */
export async function readSheet(
  pieces: AsyncIterable<Uint8Array>,
  parts: SheetParts,
  rows: RowReader,
): Promise<void> {
  const sheet = sheetRows(parts, rows);
  const inline = stringReader();
  let inData = false;
  let isAfterData = false;
  let inCell = false;
  let inValue = false;
  let value = '';

  await readXml(pieces, {
    open(name, attributes) {
      if (isAfterData && ['sheetData', 'sheetFormatPr', 'col'].includes(name))
        damaged('The sheet’s parts are out of order');
      if (name === 'sheetData') inData = true;
      else if (!inData) {
        if (name === 'sheetFormatPr') sheet.setDefaults(attributes);
        else if (name === 'col') sheet.addColumns(attributes);
        else if (name === 'cfRule') sheet.addCondition(attributes);
        // Newer rules hold their looks themselves.
        else if (name === 'numFmt') refuseConditionalFormat();
        else if (name === 'mergeCell') sheet.merge(attributes.ref ?? '');
      } else if (name === 'row') sheet.beginRow(attributes);
      else if (name === 'c') {
        sheet.beginCell(attributes);
        inline.begin();
        inCell = true;
        value = '';
      } else if (!inCell) return;
      else if (name === 'f') sheet.beginFormula(attributes);
      else if (name === 'v') inValue = true;
      else inline.open(name);
    },
    text(text) {
      if (inValue) value = appendText(value, text);
      else if (inCell) inline.text(text);
    },
    close(name) {
      if (name === 'sheetData') {
        inData = false;
        isAfterData = true;
      } else if (!inData) return;
      else if (name === 'row') sheet.endRow();
      else if (name === 'c') {
        sheet.endCell(value, inline.take());
        inCell = false;
      } else if (name === 'v') inValue = false;
      else inline.close(name);
    },
  });
  sheet.end();
}
