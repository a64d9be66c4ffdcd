import { getAddress } from 'viem';
import type { SendOutcome } from '../../chains/evm/client/sendRawTransaction.ts';
import type { NotedSend } from '../../transitions/moveTransactions.ts';
import type { PayoutEngine } from '../payoutEngine.ts';
import {
  type LaneStanding,
  REFUSED_AS_DELEGATED,
  REFUSED_FOR_FUNDS,
  USED_ELSEWHERE,
} from './laneStanding.ts';
import { noteStanding, noteUseElsewhere } from './noteStanding.ts';

/** What nodes answered to a transaction. */
export type AnsweredSend = { readonly transaction: NotedSend; readonly outcome: SendOutcome };

/**
 * Keeps what refusals say about the lanes of transactions, so that new work goes elsewhere. Nothing is concluded about the
 * transactions: their bytes are sent again, and only blocks decide.
 */
export async function noteRefusals(engine: PayoutEngine, answers: readonly AnsweredSend[]): Promise<void> {
  const noted = new Set<string>();
  for (const { transaction, outcome } of answers) {
    const { chainId, sender } = transaction;
    if (outcome.kind !== 'REFUSED' || noted.has(sender)) continue;
    const standing = await standingFrom(engine, transaction, outcome);
    if (standing === null) continue;
    noted.add(sender);
    const chain = { id: chainId, eip155ChainId: Number(transaction.eip155ChainId) };
    const lane = { chain, address: getAddress(sender) };
    if (standing === USED_ELSEWHERE) await noteUseElsewhere(engine, lane, 1);
    await noteStanding(engine, lane, standing, transaction.nonce + 1n);
  }
}

async function standingFrom(
  engine: PayoutEngine,
  transaction: NotedSend,
  outcome: Extract<SendOutcome, { kind: 'REFUSED' }>,
): Promise<LaneStanding | null> {
  switch (outcome.reason) {
    case 'INSUFFICIENT_FUNDS':
      return REFUSED_FOR_FUNDS;
    case 'IN_FLIGHT_LIMIT':
      return REFUSED_AS_DELEGATED;
    // Its pool has something else with this nonce. Where that is an older version of ours, all is well.
    case 'REPLACEMENT_UNDERPRICED':
      return (await isOnlyVersion(engine, transaction)) ? USED_ELSEWHERE : null;
    default:
      return null;
  }
}

async function isOnlyVersion(engine: PayoutEngine, transaction: NotedSend): Promise<boolean> {
  const other = await engine.log.database
    .selectFrom('chainTransaction')
    .select('id')
    .where('chainId', '=', transaction.chainId)
    .where('sender', '=', transaction.sender)
    .where('nonce', '=', transaction.nonce)
    .where('rawTransaction', 'is not', null)
    .where('id', '<>', transaction.id)
    .limit(1)
    .executeTakeFirst();
  return other === undefined;
}
