import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import type { ChainRow } from './loadChains.ts';

/** An installation serves few chains; more than this are not listed. */
const MAX_CHAINS_LISTED = 100;

/** The chains that this system indexes, in the order in which they were added. @throws UnauthenticatedError */
export async function listChains(context: RequestContext): Promise<ChainRow[]> {
  requireViewer(context);
  return context.log.database
    .selectFrom('chain')
    .selectAll()
    .orderBy('id')
    .limit(MAX_CHAINS_LISTED)
    .execute();
}
