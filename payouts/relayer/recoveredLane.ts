import type { Address } from 'viem';
import type { SettledChain } from '../finality.ts';
import type { RelayerKey } from './relayerKey.ts';

/** A relayer on a chain, as a round of recovery finds it. */
export type RecoveredLane = SettledChain & {
  readonly address: Address;
  /** Null when this process does not hold the key: what it signed is sent again, and nothing new is signed. */
  readonly key: RelayerKey | null;
  /** The nonce after the last included transaction. */
  readonly includedNonce: bigint;
};
