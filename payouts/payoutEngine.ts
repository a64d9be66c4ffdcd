import type { Logger } from 'pino';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { BaseError } from '../core/errors.ts';
import type { EventLog } from '../events/unitOfWork.ts';
import type { RelayerKey } from './relayer/relayerKey.ts';

/** What every step of the engine works with. */
export type PayoutEngine = {
  readonly log: EventLog;
  readonly relayer: RelayerKey;
  /** By EIP-155 chain id. */
  readonly clients: ReadonlyMap<number, EvmClient>;
  readonly logger: Logger;
};

/** This process has no node for a chain: another worker may have, or its configuration lacks it. */
export class ChainUnavailableError extends BaseError {
  override readonly name = 'ChainUnavailableError';
  constructor(chainId: number) {
    super('CHAIN_UNAVAILABLE', `No node is configured for chain ${chainId}.`, { retryable: true });
  }
}

/** The client of a chain. @throws ChainUnavailableError */
export function clientOf(engine: PayoutEngine, chainId: number): EvmClient {
  const client = engine.clients.get(chainId);
  if (client === undefined) throw new ChainUnavailableError(chainId);
  return client;
}
