import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useMessages } from '../../../i18n/messages.ts';
import { PayoutRow } from './PayoutRow.tsx';
import type { PayoutPages } from './payoutPages.ts';
import { rowMessages } from './rowMessages.ts';
import classes from './rows.module.css';
import type { BatchRow } from './usePayoutPages.ts';

const ROW_HEIGHT_PX = 44;
/** Two lines each, where there is no room for columns. */
const NARROW_ROW_HEIGHT_PX = 68;
const OVERSCAN_ROWS = 8;
const BORDER_PX = 2;
/** Of `aria-rowindex`: counted from 1, the header included. */
const FIRST_ROW_INDEX = 2;
const MAX_HEIGHT = 'min(68vh, 720px)';
const COLUMNS = ['index', 'recipient', 'amount', 'reference', 'status', 'transaction'] as const;

type RowTableProps = {
  pages: PayoutPages<BatchRow>;
  symbol: string;
  /** What to go to, another object each time; null to stay. */
  target: { position: number } | null;
  isNarrow: boolean;
  onOpen(row: BatchRow): void;
};

/** The rows that fit the window, out of all of them. To readers it is one table of its full length. */
export function RowTable({ pages, symbol, target, isNarrow, onOpen }: RowTableProps) {
  const t = useMessages(rowMessages);
  const scroller = useRef<HTMLDivElement>(null);
  const { count } = pages;
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT_PX : ROW_HEIGHT_PX;
  const headerHeight = isNarrow ? 0 : ROW_HEIGHT_PX;
  const [focused, setFocused] = useState<number | null>(null);
  const virtualizer = useRowWindow({ scroller, pages, target, focused, rowHeight, headerHeight });

  if (count === 0 && pages.isKnown) return <p>{t('none')}</p>;
  const height = `min(${count * rowHeight + headerHeight + BORDER_PX}px, ${MAX_HEIGHT})`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element would lay out rows that are not there
    <div
      ref={scroller}
      className={classes.table}
      style={{ height }}
      role="table"
      aria-label={t('table')}
      aria-rowcount={count + 1}
      onFocus={(event) => setFocused(positionOf(event))}
      onBlur={() => setFocused(null)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <Header symbol={symbol} />
      <div className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => (
          <PayoutRow
            key={key}
            row={pages.row(index)}
            top={start}
            ariaIndex={index + FIRST_ROW_INDEX}
            isTarget={index === target?.position}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  );
}

/** Which rows are drawn: those that fit the window, and a few around them. Asks for them as they come into sight. */
function useRowWindow(of: {
  scroller: RefObject<HTMLDivElement | null>;
  pages: PayoutPages<BatchRow>;
  target: { position: number } | null;
  focused: number | null;
  rowHeight: number;
  headerHeight: number;
}) {
  const { scroller, pages, target, focused, rowHeight } = of;
  const { count } = pages;
  // A row that has the focus stays, wherever it was scrolled to: keys would go nowhere without it.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      return focused === null || shown.includes(focused) ? shown : [...shown, focused].sort((a, b) => a - b);
    },
    [focused],
  );
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN_ROWS,
    rangeExtractor,
    scrollMargin: 0,
    scrollPaddingStart: of.headerHeight,
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it measured was of the other height
  useEffect(() => virtualizer.measure(), [rowHeight]);
  useEffect(() => {
    if (target !== null) virtualizer.scrollToIndex(Math.min(target.position, count - 1), { align: 'start' });
  }, [target, virtualizer, count]);

  const first = virtualizer.range?.startIndex;
  const last = virtualizer.range?.endIndex;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that became longer may show what it did not
  useEffect(() => {
    if (first !== undefined && last !== undefined) pages.show(first, last);
  }, [pages, first, last, count]);
  return virtualizer;
}

function Header({ symbol }: { symbol: string }) {
  const t = useMessages(rowMessages);
  return (
    <div>
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: a row of a table is no control */}
      <div role="row" aria-rowindex={1} className={classes.header}>
        {COLUMNS.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <span key={column} role="columnheader" className={classes[column]}>
            {t(column, { symbol })}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The position of the row in which something has the focus; null for the table itself. */
function positionOf({ target }: FocusEvent<HTMLElement>): number | null {
  const row = target.closest('[role="row"]')?.getAttribute('aria-rowindex');
  return row === null || row === undefined ? null : Number(row) - FIRST_ROW_INDEX;
}
