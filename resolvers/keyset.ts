import { type Expression, type RawBuilder, sql } from 'kysely';
import { BadUserInputError, BaseError, LimitExceededError } from '../core/errors.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../core/limits.ts';
import type { Queryable } from '../prisma/database.ts';

/** What a client asks of a list: Relay's four arguments. */
export type PageArguments = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

/** One page, in the list's order. */
export type Page<Row> = {
  items: { cursor: string; row: Row }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
};

/** The stable order of a list: its key is unique within one parent, so that no row is skipped or told twice. */
export type KeysetOrder<Row> = {
  /** Tells this list's cursors from other lists'. */
  name: string;
  /** Columns of the inner query, with the SQL type that a cursor's text is cast to. All run in one direction. */
  columns: readonly { column: string; type: 'uuid' | 'int' | 'bigint' | 'text' }[];
  direction: 'asc' | 'desc';
  keyOf: (row: Row) => readonly (string | number | bigint)[];
};

/** The `after` or `before` of a list is not a cursor that this list gave out. */
export class PageCursorInvalidError extends BaseError {
  override readonly name = 'PageCursorInvalidError';
  constructor() {
    super('CURSOR_INVALID', 'This cursor is not a position in this list.');
  }
}

/** How many rows a page may hold, and from which end. @throws BadUserInputError, LimitExceededError */
export function pageSize(page: PageArguments): { size: number; backward: boolean } {
  const backward = page.first == null && page.last != null;
  const size = page.first ?? page.last ?? DEFAULT_PAGE_SIZE;
  if (page.first != null && page.last != null) {
    throw new BadUserInputError('Ask for the first or the last items, not for both.');
  }
  if (!Number.isInteger(size) || size < 0) {
    throw new BadUserInputError(`A page has 0 to ${MAX_PAGE_SIZE} items.`);
  }
  if (size > MAX_PAGE_SIZE) {
    throw new LimitExceededError('MAX_PAGE_SIZE', `A page has 0 to ${MAX_PAGE_SIZE} items.`);
  }
  return { size, backward };
}

/** What is read beside each row of a page, once the page is chosen: SQL that refers to the row as `item`. */
export type PageDecoration = { columns: RawBuilder<unknown>; joins: RawBuilder<unknown> };

const PLAIN: PageDecoration = { columns: sql`item.*`, joins: sql`` };

/**
 * One page of a list for each of many parents, by one statement. Nothing is counted; one row more than the page is read.
 * @param inner a query of the list's rows that refers to `parent.id`, without order and limit
 * @param decoration what is too dear to join to rows that may not be on the page
 * @returns pages in the order of `parentIds`
 * @throws BadUserInputError, LimitExceededError, PageCursorInvalidError
 */
export async function readPages<Row extends object>(
  database: Queryable,
  parentIds: readonly string[],
  page: PageArguments,
  inner: Expression<unknown>,
  order: KeysetOrder<Row>,
  decoration: PageDecoration = PLAIN,
): Promise<Page<Row>[]> {
  const { size, backward } = pageSize(page);
  const forwardOperator = order.direction === 'asc' ? '>' : '<';
  const backwardOperator = order.direction === 'asc' ? '<' : '>';
  const scan = backward ? opposite(order.direction) : order.direction;
  const { rows } = await sql<Row & { parentId: string }>`
    select parent.id as parent_id, ${decoration.columns}
    from unnest(${[...new Set(parentIds)]}::uuid[]) as parent (id)
    cross join lateral (
      select * from ${inner} as candidate
      where ${keysetCondition(order, page.after, forwardOperator)}
        and ${keysetCondition(order, page.before, backwardOperator)}
      order by ${orderBy('candidate', order, scan)}
      limit ${size + 1}
    ) as item ${decoration.joins}
    order by parent.id, ${orderBy('item', order, scan)}`.execute(database);
  const rowsOf = Map.groupBy(rows, (row) => row.parentId);
  return parentIds.map((parentId) => {
    const found = rowsOf.get(parentId) ?? [];
    const kept = found.slice(0, size);
    if (backward) kept.reverse();
    const more = found.length > size;
    return {
      items: kept.map((row) => ({ row, cursor: encodeCursor(order, row) })),
      hasNextPage: backward ? page.before != null : more,
      hasPreviousPage: backward ? more : page.after != null,
    };
  });
}

function opposite(direction: 'asc' | 'desc'): 'asc' | 'desc' {
  return direction === 'asc' ? 'desc' : 'asc';
}

function orderBy<Row>(
  table: string,
  order: KeysetOrder<Row>,
  direction: 'asc' | 'desc',
): RawBuilder<unknown> {
  const directionSql = direction === 'asc' ? sql`asc` : sql`desc`;
  return sql.join(order.columns.map(({ column }) => sql`${sql.ref(`${table}.${column}`)} ${directionSql}`));
}

function keysetCondition<Row>(
  order: KeysetOrder<Row>,
  cursor: string | null | undefined,
  operator: '<' | '>',
): RawBuilder<boolean> {
  if (cursor == null) return sql<boolean>`true`;
  const key = decodeCursor(order, cursor);
  const columns = sql.join(order.columns.map(({ column }) => sql.ref(`candidate.${column}`)));
  const values = sql.join(order.columns.map(({ type }, index) => sql`${key[index]}::${sql.raw(type)}`));
  return sql<boolean>`(${columns}) ${sql.raw(operator)} (${values})`;
}

const KEY_FORM = {
  uuid: /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/,
  int: /^\d{1,9}$/,
  bigint: /^\d{1,18}$/,
  /** As encodeURIComponent writes it: no colon, no NUL. */
  text: /^(?!.*%00)[^:]{1,4000}$/,
} as const;

/** base64url of the list's name and the row's key. */
export function encodeCursor<Row>(order: KeysetOrder<Row>, row: Row): string {
  const key = order.keyOf(row).map((part) => encodeURIComponent(String(part)));
  return Buffer.from([order.name, ...key].join(':')).toString('base64url');
}

/** @throws PageCursorInvalidError */
export function decodeCursor<Row>(order: KeysetOrder<Row>, cursor: string): string[] {
  const [name, ...key] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  const fits =
    name === order.name &&
    key.length === order.columns.length &&
    order.columns.every(({ type }, index) => KEY_FORM[type].test(key[index] ?? ''));
  if (!fits) throw new PageCursorInvalidError();
  try {
    return key.map(decodeURIComponent);
  } catch {
    throw new PageCursorInvalidError();
  }
}
