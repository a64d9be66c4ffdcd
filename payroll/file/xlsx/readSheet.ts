import type { RowReader } from '../rowReader.ts';
import { stringReader } from './readSharedStrings.ts';
import { isTrue, readXml } from './readXml.ts';
import { type SheetParts, sheetRows } from './sheetRows.ts';

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
  let inCell = false;
  let inValue = false;
  let value = '';

  await readXml(pieces, {
    open(name, attributes) {
      if (name === 'sheetData') inData = true;
      else if (!inData) {
        if (name === 'col' && (isTrue(attributes.hidden) || Number(attributes.width ?? 1) === 0))
          sheet.hideColumns(Number(attributes.min) - 1, Number(attributes.max) - 1);
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
      if (inValue) value += text;
      else if (inCell) inline.text(text);
    },
    close(name) {
      if (name === 'sheetData') inData = false;
      else if (!inData) return;
      else if (name === 'row') sheet.endRow();
      else if (name === 'c') {
        sheet.endCell(value, inline.take());
        inCell = false;
      } else if (name === 'v') inValue = false;
      else inline.close(name);
    },
  });
}
