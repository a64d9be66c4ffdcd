import { required } from '../core/errors.ts';
import { type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import { claimIdempotencyKey, findReplay, type IdempotentRequest } from './idempotency.ts';
import { newId } from './newId.ts';
import type { RequestContext } from './requestContext.ts';

export type CreatedObject = {
  objectId: string;
  /** True: an earlier request with the same key made it. */
  replayed: boolean;
  /** Position of the last entry that this request wrote for an organization; null when it wrote none. */
  eventCursor: (organizationId: string) => string | null;
};

/** Another request took the key between our look and our claim: roll back, and answer with what it made. */
class ClaimedElsewhere extends Error {}

/**
 * Makes an object unless the request's key has made one already. Two at once do the work once: the second waits for the
 * first to commit and answers with its object.
 * @param create writes the object under the id it is given
 * @throws UserFaultsError IDEMPOTENCY_KEY_REUSED, and whatever `create` throws
 */
export async function createOnce(
  context: RequestContext,
  request: IdempotentRequest,
  create: (work: UnitOfWork, objectId: string) => Promise<void>,
): Promise<CreatedObject> {
  const { database } = context.log;
  const replay = await findReplay(database, request);
  if (replay !== null) return replayOf(replay);
  const id = await newId(database);
  try {
    const committed = await unitOfWork(context.log, async (work) => {
      if (!(await claimIdempotencyKey(work.database, request, id))) throw new ClaimedElsewhere();
      await create(work, id);
    });
    return { objectId: id, replayed: false, eventCursor: committed.eventCursor };
  } catch (error) {
    if (!(error instanceof ClaimedElsewhere)) throw error;
    return replayOf(required(await findReplay(database, request), 'What another request made'));
  }
}

function replayOf(objectId: string): CreatedObject {
  return { objectId, replayed: true, eventCursor: () => null };
}
