import { type DecimalMark, readNotation } from './amountNotation.ts';
import type { CellFault } from './fileIssue.ts';

type Fault = Omit<CellFault, 'index'>;
const MARK_NAME: Readonly<Record<DecimalMark, string>> = { '.': 'a point', ',': 'a comma' };

/**
 * Reads the amounts of one file, which are written in one way: the first that can be read in one way alone decides
 * whether a point or a comma stands before the decimals.
 * @returns the amount with a point before its decimals, what is no number as it is, or what is wrong with it
 */
export function amountReader(): (row: number, text: string) => { readonly plain: string } | Fault {
  let decided: { mark: DecimalMark; row: number } | null = null;
  return (row, text) => {
    const noted = readNotation(text.trim());
    if (noted === null) return { plain: text };
    if (noted === 'AMBIGUOUS') return ambiguous(text.trim());
    const { plain, mark } = noted;
    if (mark !== null && decided !== null && mark !== decided.mark) {
      const message = `A comma stands before the decimals in one row and a point in another: row ${decided.row} has ${MARK_NAME[decided.mark]}. Write all amounts in one way.`;
      return { code: 'AMOUNT_NOTATION_MIXED', message };
    }
    if (mark !== null) decided ??= { mark, row };
    return { plain };
  };
}

function ambiguous(text: string): Fault {
  const message = `“${text}” can be read in two ways. Write the amount without separators between thousands, or with more decimals (${text}0).`;
  return { code: 'AMOUNT_AMBIGUOUS_SEPARATOR', message };
}
