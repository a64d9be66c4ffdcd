import { NotFoundError } from '../../core/errors.ts';
import { requireViewer } from '../authorize.ts';
import type { ChainRow } from '../chain/loadChains.ts';
import { openWatch, type WatchMessage } from './openWatch.ts';
import type { WatchContext } from './watchService.ts';

/**
 * A chain now, then whenever this system has indexed on: the latest state, at most one message each half second. It is
 * not in any log, and what lies between two messages is left out.
 * @throws UnauthenticatedError, NotFoundError, LimitExceededError
 */
export async function chainHeadAdvanced(
  context: WatchContext,
  chainId: string,
): Promise<AsyncGenerator<WatchMessage<ChainRow>, void, undefined>> {
  requireViewer(context);
  const chain = await context.log.database
    .selectFrom('chain')
    .select('id')
    .where('id', '=', chainId)
    .executeTakeFirst();
  if (chain === undefined) throw new NotFoundError('The chain');
  return openWatch(context, null, async function* (signal) {
    for await (const latest of context.watch.chainHeads.follow(chainId, signal)) yield latest;
  });
}
