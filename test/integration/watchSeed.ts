import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Role } from '../../core/permissions.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import { payoutBatchCreate } from '../../resolvers/payoutBatch/payoutBatchCreate.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import type { WatchMessage } from '../../resolvers/watch/openWatch.ts';
import type { WatchContext, WatchService } from '../../resolvers/watch/watchService.ts';
import { type Payer, randomAddress, seedContext } from './importSeed.ts';

const HOUR_MS = 3_600_000;

/** Somebody with a live session and these roles in the organization. */
export async function seedWatcher(
  log: EventLog,
  watch: WatchService,
  organizationId: string,
  roles: readonly Role[],
): Promise<WatchContext & { viewer: NonNullable<RequestContext['viewer']> }> {
  const { viewer, ...context } = await seedContext(log, organizationId, roles);
  if (viewer === null) throw new Error('nobody');
  await log.database
    .insertInto('session')
    .values({
      id: viewer.sessionId,
      userId: viewer.userId,
      tokenHash: randomBytes(32),
      expiresAt: new Date(Date.now() + HOUR_MS),
    })
    .execute();
  return { ...context, viewer, watch };
}

/** A draft batch of one payout. @returns its uuid */
export async function seedBatch(context: RequestContext, payer: Payer): Promise<string> {
  const { payoutBatchId } = await payoutBatchCreate(context, {
    accountId: payer.accountId,
    assetId: payer.usdcId,
    title: 'Watched',
    payouts: [{ recipient: randomAddress(), amount: '1.5', memo: null, reference: null }],
    idempotencyKey: randomUUID(),
  });
  return payoutBatchId;
}

/** The next message's value. Fails when the stream has ended, however it did. */
export async function nextValue<Value>(stream: AsyncGenerator<WatchMessage<Value>>): Promise<Value> {
  const next = await stream.next();
  if (next.done) return expect.fail('The stream has ended.');
  if ('endedBy' in next.value) throw next.value.endedBy;
  return next.value.value;
}

/** The error of the last message. Fails unless the stream ends right after it. */
export async function lastError<Value>(stream: AsyncGenerator<WatchMessage<Value>>): Promise<unknown> {
  const next = await stream.next();
  if (next.done || !('endedBy' in next.value)) return expect.fail('The stream goes on.');
  expect((await stream.next()).done).toBe(true);
  return next.value.endedBy;
}
