import type { Database } from '../../prisma/database.ts';
import { oldestKept } from './findUpload.ts';

/** Forgets what was uploaded longer ago than it is kept. @returns how many uploads */
export async function pruneUploads(database: Database): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('upload')
    .where('createdAt', '<=', oldestKept())
    .executeTakeFirst();
  return Number(numDeletedRows);
}
