import { sql } from 'kysely';
import type { Database } from '../prisma/database.ts';

const MAX_JOBS_PER_ROUND = 1_000;

/**
 * Deletes jobs that another of their key took the place of while they ran, and that then failed: they have lost their key and
 * all their attempts, and nothing ever runs or deletes them. A bounded number a round. @returns how many
 */
export async function forgetJobs(database: Database): Promise<number> {
  const { rows } = await sql`
    select from graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs
      where key is null and attempts >= max_attempts and locked_at is null
      order by id limit ${MAX_JOBS_PER_ROUND}))`.execute(database);
  return rows.length;
}
