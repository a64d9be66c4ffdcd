import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pruneEventLogs } from '../../events/pruneEventLogs.ts';
import { EVENT_RETENTION_DAYS } from '../../events/pruneEvents.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { createDatabase, createPool, type Database } from '../../prisma/database.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { seedLog } from './eventsKit.ts';
import { openLog } from './importSeed.ts';

const DAY_MS = 24 * 3600 * 1000;

let testDatabase: TestDatabase;
let owner: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = createDatabase(createPool(testDatabase.ownerUrl, { maxConnections: 1 }));
});
afterAll(async () => {
  await owner.destroy();
  await testDatabase.drop();
});

test('the logs of all organizations are pruned, and what is young stays', async () => {
  const { database } = testDatabase;
  const log = openLog(database, testDatabase.appUrl);
  const organizations = [await seedLog(database), await seedLog(database)];
  for (const organizationId of organizations) {
    await unitOfWork(log, async (work) => {
      for (let index = 0; index < 3; index += 1)
        work.record({ organizationId, type: 'ACCOUNT_OPENED', subjectId: randomUUID(), payload: {} });
    });
  }
  await log.close();
  const long = new Date(Date.now() + (EVENT_RETENTION_DAYS + 1) * DAY_MS);
  await owner
    .updateTable('event')
    .set({ occurredAt: long })
    .where('organizationId', '=', organizations[1] ?? '')
    .where('number', '=', 3n)
    .execute();

  expect(await pruneEventLogs(owner, new Date())).toBe(0n);
  expect(await pruneEventLogs(owner, long)).toBe(5n);
  const left = await database.selectFrom('event').select(['organizationId', 'number']).execute();
  expect(left).toEqual([{ organizationId: organizations[1], number: 3n }]);
});
