// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @dev The bounds and gas figures that the chain enforces and that whoever builds or executes a batch must know.
 * Generated into `contracts/abi/limits.ts`, so that they are written once.
 */
library PayoutLimits {
    /// @dev Bytes of a row: recipient (20) and amount (12).
    uint256 internal constant ROW_BYTES = 32;

    /// @dev Rows of a chunk. The bitmap of owed rows has room for 256.
    uint256 internal constant MAX_ROWS_PER_CHUNK = 200;

    /// @dev Chunks of a batch. Times the rows of a chunk it fits the uint32 that counts owed rows.
    uint256 internal constant MAX_CHUNK_COUNT = 16_777_216;

    /// @dev Below this, no ordinary token can write the balance of a new holder.
    uint256 internal constant MIN_GAS_PER_PAYOUT = 30_000;

    /// @dev One row, the longest proof and the bookkeeping must fit the 16,777,216 gas of a transaction (EIP-7825).
    uint256 internal constant MAX_GAS_PER_PAYOUT = 16_000_000;

    /// @dev Kept back before each transfer, beyond the 64th that EIP-150 withholds: CALL's own cost, with a cold account.
    uint256 internal constant CALL_RESERVE_GAS = 5_000;

    /**
     * @dev What `execute` and `retry` use at most besides their rows, with the longest proof and everything cold.
     *
     * Whatever the recipients and the token do with their share, a call of a vault succeeds with 64/63 (the clone delegates)
     * of `CHUNK_OVERHEAD_GAS + tried rows * (gasPerPayout + ROW_OVERHEAD_GAS) + other rows * SKIPPED_ROW_GAS +
     * gasPerPayout / 63`. The transaction's own and its calldata's gas come on top.
     */
    uint256 internal constant CHUNK_OVERHEAD_GAS = 160_000;

    /// @dev What a row uses at most besides the token's `transfer`.
    uint256 internal constant ROW_OVERHEAD_GAS = 3_000;

    /// @dev What a row uses at most that a retry does not ask for.
    uint256 internal constant SKIPPED_ROW_GAS = 600;
}
