import { sql } from 'kysely';
import { required } from '../core/errors.ts';
import type { Database } from '../prisma/database.ts';

/** A new object's id: uuidv7, by the database's clock, so that ids stand in the order in which rows were made. */
export async function newId(database: Database): Promise<string> {
  const { rows } = await sql<{ id: string }>`select uuidv7() as id`.execute(database);
  return required(rows[0], 'A new id').id;
}
