import type { KeysetOrder } from './keyset.ts';

/** By id, which is uuidv7: the order in which rows were made. */
export function idOrder<Row extends { id: string }>(
  name: string,
  direction: 'asc' | 'desc',
): KeysetOrder<Row> {
  return { name, direction, columns: [{ column: 'id', type: 'uuid' }], keyOf: (row) => [row.id] };
}
