// A process of its own that commits entries through unitOfWork, as eventsKit.ts asks it to.
import { sql } from 'kysely';
import { required } from '../../core/errors.ts';
import { decodeEventCursor } from '../../events/eventCursor.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import type { WriteAnswer, WriteRequest } from './eventsKit.ts';

const url = process.argv[2];
if (url === undefined || process.send === undefined) throw new Error('Started by eventsKit.ts only.');
const answer = (message: WriteAnswer) => process.send?.(message);

const database = createDatabase(createPool(url, { maxConnections: 8 }));
const hints = createPostgresHints({
  database,
  listenUrl: url,
  onError: (error) => {
    throw error;
  },
});

async function commit(transaction: WriteRequest['transactions'][number]): Promise<string> {
  const { organizationId, subjectIds, heldMs } = transaction;
  const committed = await unitOfWork({ database, hints }, async (work) => {
    for (const subjectId of subjectIds) {
      work.record({ organizationId, type: 'ACCOUNT_OPENED', subjectId, payload: {} });
    }
    if (heldMs > 0) await sql`select pg_sleep(${heldMs / 1000})`.execute(work.database);
  });
  const cursor = required(committed.eventCursor(organizationId), 'The cursor of a write');
  return decodeEventCursor(organizationId, cursor).toString();
}

process.on('message', (request: WriteRequest) => {
  Promise.all(request.transactions.map(commit)).then(
    (lastNumbers) => answer({ id: request.id, lastNumbers }),
    (error) => answer({ id: request.id, error: String(error) }),
  );
});
process.on('disconnect', async () => {
  await hints.close();
  await database.destroy();
});
