import type { Logger } from 'pino';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { BaseError } from '../core/errors.ts';
import type { EventLog } from '../events/unitOfWork.ts';
import type { EngineMetrics } from './engineMetrics.ts';
import type { FeePolicy } from './fees/feePolicy.ts';
import type { PausesTold } from './pausesTold.ts';
import type { RelayerKey } from './relayer/relayerKey.ts';

/** What every step of the engine works with. */
export type PayoutEngine = {
  readonly log: EventLog;
  readonly logger: Logger;
  /** At least one. Each is a lane of its own on every chain. */
  readonly relayers: readonly RelayerKey[];
  /** By EIP-155 chain id. */
  readonly chains: ReadonlyMap<number, EngineChain>;
  readonly metrics: EngineMetrics;
  readonly pausesTold: PausesTold;
};

/** A chain that this process has nodes for. */
export type EngineChain = {
  /** The fastest healthy node: for what blocks will decide about in any case. */
  readonly client: EvmClient;
  /** What two nodes answer alike: for whatever is concluded from an answer. */
  readonly checked: EvmClient;
  readonly fees: FeePolicy;
  /** Whether enough of its nodes can be asked now to conclude anything. */
  readonly canBeAsked: () => boolean;
};

/** This process has no node for a chain: another worker may have, or its configuration lacks it. */
export class ChainUnavailableError extends BaseError {
  override readonly name = 'ChainUnavailableError';
  constructor(chainId: number) {
    super('CHAIN_UNAVAILABLE', `No node is configured for chain ${chainId}.`, { retryable: true });
  }
}

/** Too few nodes of a chain answer: a job that asked them would wait for each, and take the place of other chains' jobs. */
export class NodesUnavailableError extends BaseError {
  override readonly name = 'NodesUnavailableError';
  constructor(chainId: number) {
    super('NODES_UNAVAILABLE', `The nodes of chain ${chainId} cannot be asked now.`, { retryable: true });
  }
}

/** Asked at the start of a job. @throws NodesUnavailableError at once, ChainUnavailableError */
export function requireNodes(engine: PayoutEngine, chainId: number): void {
  if (!chainOf(engine, chainId).canBeAsked()) throw new NodesUnavailableError(chainId);
}

/** A chain with its nodes. @throws ChainUnavailableError */
export function chainOf(engine: PayoutEngine, chainId: number): EngineChain {
  const chain = engine.chains.get(chainId);
  if (chain === undefined) throw new ChainUnavailableError(chainId);
  return chain;
}

/** The client of a chain. @throws ChainUnavailableError */
export function clientOf(engine: PayoutEngine, chainId: number): EvmClient {
  return chainOf(engine, chainId).client;
}

/** The client of a chain for answers that something is concluded from. @throws ChainUnavailableError */
export function checkedClientOf(engine: PayoutEngine, chainId: number): EvmClient {
  return chainOf(engine, chainId).checked;
}
