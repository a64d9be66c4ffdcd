import { sql } from 'kysely';
import type { Database } from '../../prisma/database.ts';
import { isKept } from './findUpload.ts';

/** Forgets what was begun longer ago than it is kept. @returns how many uploads */
export async function pruneUploads(database: Database): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('upload')
    .where(sql<boolean>`not ${isKept()}`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
