import { preferChecked } from '../../chains/evm/client/nodes/inconclusive.ts';
import { readDataFee } from '../../chains/evm/client/readDataFee.ts';
import { readMarketFees } from '../../chains/evm/client/readFees.ts';
import { readNativeBalance } from '../../chains/evm/client/readRelayer.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { broadcast } from '../broadcast.ts';
import { transactionFields } from '../logFields.ts';
import { chainOf, type PayoutEngine } from '../payoutEngine.ts';
import { NO_LOAD, readLaneLoads } from '../relayer/laneLoad.ts';
import type { RecoveredLane } from '../relayer/recoveredLane.ts';
import type { RelayerKey } from '../relayer/relayerKey.ts';
import { findStuck, type StuckReason } from './findStuck.ts';
import { findHeadBlock, findWaiting } from './findWaiting.ts';
import { limitsNow } from './quoteFees.ts';
import { type Replacement, type SignedReplacement, signReplacement } from './signReplacement.ts';

/** The first of a lane hold up all that are behind them; the rest has its turn in the next rounds. */
const MAX_REPLACEMENTS_PER_ROUND = 16;

const CHANGES = {
  BELOW_BASE_FEE: 'EIGHTH',
  PASSED_OVER: 'EIGHTH',
  TURNED_AWAY: 'DOUBLE',
  ABOVE_NODE_CAP: 'LOWER',
} as const satisfies Record<StuckReason, Replacement['change']>;

/**
 * Raises the fees of a lane's transactions that blocks pass over, on the same nonces, by the rules that pools enforce and
 * never above the policy's cap; lowers those that nodes refuse as more than they let anybody offer. Each is stored, with the
 * older one REPLACED, before any is sent. Should the older one be included after all, the indexer turns the two around.
 * @throws NodeAnswerError, viem's errors when the node does not answer
 */
export async function replaceStuck(
  engine: PayoutEngine,
  lane: RecoveredLane,
  key: RelayerKey,
): Promise<void> {
  const { database } = engine.log;
  const waiting = await findWaiting(database, lane);
  if (waiting[0]?.nonce !== lane.includedNonce) return;
  const nodes = chainOf(engine, lane.eip155ChainId);
  const { checked, fees: policy } = nodes;
  const [market, headBlock] = await Promise.all([readMarketFees(nodes), findHeadBlock(database, lane)]);
  const headBlocks = headBlock === null ? 0n : market.headNumber - headBlock;
  const stuck = findStuck(waiting, lane.includedNonce, market, headBlocks);
  if (stuck.length === 0) return;
  const limits = await limitsNow(engine, lane, policy, market);
  const { unitsPerByte } = await readDataFee(checked, policy.dataFee);
  const [balance, loads] = await Promise.all([
    preferChecked(nodes, (client) => readNativeBalance(client, key.address)),
    readLaneLoads(database, lane.id),
  ]);
  // Pools ask for the most that all which waits can cost together.
  let spareUnits = balance - (loads.get(key.address) ?? NO_LOAD).units;
  const replacements: SignedReplacement[] = [];
  for (const { transaction, reason } of stuck.slice(0, MAX_REPLACEMENTS_PER_ROUND)) {
    const { value } = await unitOfWork(engine.log, (work) =>
      signReplacement(work, {
        lane,
        key,
        market,
        limits,
        unitsPerByte,
        spareUnits,
        replacedId: transaction.id,
        change: CHANGES[reason],
      }),
    );
    // What is behind one whose fees cannot be changed is not included either.
    if (value === null) break;
    spareUnits -= value.addedUnits;
    replacements.push(value);
    tell(engine, lane, value, reason);
  }
  await broadcast(engine, nodes.client, replacements);
}

function tell(
  engine: PayoutEngine,
  { eip155ChainId }: RecoveredLane,
  { replaced, fees }: SignedReplacement,
  reason: string,
): void {
  engine.metrics.replaced(eip155ChainId, reason);
  engine.metrics.moved(eip155ChainId, [{ kind: replaced.kind, status: 'REPLACED' }]);
  engine.logger.warn(
    {
      ...transactionFields(engine.logger, {
        ...replaced,
        status: 'REPLACED',
        eip155ChainId: BigInt(eip155ChainId),
      }),
      ...{
        reason,
        maxFeePerGas: `${fees.maxFeePerGas}`,
        maxPriorityFeePerGas: `${fees.maxPriorityFeePerGas}`,
      },
    },
    'a transaction is replaced by one with other fees',
  );
}
