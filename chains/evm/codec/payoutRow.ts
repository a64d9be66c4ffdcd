import type { Address } from 'viem';
import { payoutLimits } from '../../../contracts/abi/limits.ts';

/** One payment of a batch as the chain sees it. `units` are the token's integer base units. */
export type PayoutRow = { readonly recipient: Address; readonly units: bigint };

/** A packed row: recipient (20 bytes) followed by the amount (12 bytes, uint96, big endian). */
export const ROW_BYTES = payoutLimits.rowBytes;

/** Rows that the vault accepts in one chunk. A chunk may have to be smaller: see maxRowsPerChunk. */
export const MAX_ROWS_PER_CHUNK = payoutLimits.maxRowsPerChunk;
