import { isTrue } from './readXml.ts';
import { damaged, tooLarge, WorkbookError } from './workbookError.ts';

/** In lower rows nobody reads a letter, whatever its size. */
export const MIN_ROW_HEIGHT_POINTS = 3;
/** A column's width is counted in digits of the workbook's font: in narrower ones not even one is shown. */
export const MIN_COLUMN_WIDTH_DIGITS = 1;
/** As many as a sheet has columns. */
const MAX_COLUMN_RANGES = 16_384;

type Attributes = Readonly<Record<string, string>>;

/** What of a sheet a person sees: not what is hidden, nor what is too low or too narrow to be read. */
export function sheetVisibility() {
  let rowHeight: string | undefined;
  let columnWidth: string | undefined;
  const ranges: { first: number; last: number; isHidden: boolean }[] = [];
  return {
    /** Takes `<sheetFormatPr>`: how rows and columns are that do not say so. @throws WorkbookError HIDDEN_ROW */
    setDefaults({ defaultRowHeight, defaultColWidth, baseColWidth, zeroHeight }: Attributes): void {
      if (isTrue(zeroHeight)) refuseHiddenByDefault();
      rowHeight = defaultRowHeight;
      columnWidth = defaultColWidth ?? baseColWidth;
    },
    /** Takes `<col>`, for columns from `min` to `max`, of which 1 is the first. @throws WorkbookError */
    addColumns({ min, max, width = columnWidth, hidden }: Attributes): void {
      if (ranges.length === MAX_COLUMN_RANGES)
        tooLarge(`The sheet has more than ${MAX_COLUMN_RANGES} columns`);
      const [first, last] = [Number(min) - 1, Number(max) - 1];
      if (!(first <= last)) damaged('The sheet tells of columns that are nowhere');
      ranges.push({ first, last, isHidden: isTrue(hidden) || isLess(width, MIN_COLUMN_WIDTH_DIGITS) });
    },
    /** @param attributes of its `<row>` */
    isRowHidden: ({ ht = rowHeight, hidden }: Attributes): boolean =>
      isTrue(hidden) || isLess(ht, MIN_ROW_HEIGHT_POINTS),
    /** @param column 0 is the first */
    isColumnHidden(column: number): boolean {
      const found = ranges.filter(({ first, last }) => first <= column && column <= last);
      return found.length === 0
        ? isLess(columnWidth, MIN_COLUMN_WIDTH_DIGITS)
        : found.some(({ isHidden }) => isHidden);
    },
  };
}

/** What is no number is less; what is not said is not. */
function isLess(value: string | undefined, least: number): boolean {
  return value !== undefined && !(Number(value) >= least);
}

function refuseHiddenByDefault(): never {
  throw new WorkbookError(
    'HIDDEN_ROW',
    'The sheet hides its rows unless they say otherwise, and spreadsheets differ in which ones they then show. Select the whole sheet, show all rows, and save it again.',
  );
}
