// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OpenParams} from "./IPayoutVaultFactory.sol";

interface IPayoutVault {
    /// @dev A chunk's rows were paid, except for those whose bit (1 << row) is set in `owed`.
    event ChunkExecuted(uint256 indexed chunkIndex, uint256 owed);

    /// @dev Owed rows were tried again. Those whose bit is set in `delivered` are paid now; the others stay owed.
    event PayoutsRetried(uint256 indexed chunkIndex, uint256 delivered);

    /// @dev The vault's whole balance, `remainder`, went back to the payer. Nothing moves after this.
    event VaultClosed(uint256 remainder);

    /// @dev This vault was never opened.
    error PayoutVaultNotOpened();

    /// @dev This vault has its parameters already.
    error PayoutVaultAlreadyInitialized();

    /// @dev This vault is closed.
    error PayoutVaultClosed();

    /// @dev `caller` may not do this, or not yet.
    error PayoutVaultUnauthorized(address caller);

    /// @dev The rows are not 1 to 200 times 32 bytes.
    error PayoutVaultInvalidRows(uint256 length);

    /// @dev The rows are not the batch's chunk `chunkIndex`.
    error PayoutVaultInvalidProof(uint256 chunkIndex);

    /// @dev The chunk was executed before.
    error PayoutVaultChunkAlreadyExecuted(uint256 chunkIndex);

    /// @dev None of the rows asked for is owed.
    error PayoutVaultNothingOwed(uint256 chunkIndex);

    /// @dev Less gas is left than the next row must get. Nothing has happened: send more.
    error PayoutVaultInsufficientGas();

    /// @dev The token denied a transfer and moved money all the same. Nothing has happened.
    error PayoutVaultUnreliableToken();

    /// @dev The token refused to return the balance to the payer. Nothing has happened.
    error PayoutVaultCloseFailed();

    /// @dev Called once by the factory, in the transaction that creates the vault.
    function initialize(OpenParams calldata params) external;

    /**
     * @dev Pays the rows of a chunk. Anyone may call this, once for each chunk. A row that cannot be delivered becomes
     * owed; see {retry}.
     *
     * Requirements:
     *
     * - the vault is open and the chunk was not executed before.
     * - `proof` shows that `rows` are the batch's chunk `chunkIndex`.
     * - each transfer can be given `gasPerPayout`, or nothing happens at all.
     *
     * WARNING: Never set the gas limit by estimating. An estimator looks for the least gas at which the call succeeds.
     * Compute the limit, see {PayoutLimits}.
     *
     * @param rows Packed: for each row the recipient (20 bytes) and the amount in base units (12 bytes, big endian).
     */
    function execute(uint256 chunkIndex, bytes calldata rows, bytes32[] calldata proof) external;

    /**
     * @dev Tries owed rows of an executed chunk again. Anyone may call this as long as the vault is open.
     *
     * Rows of `rowMask` that are not owed are left alone, so that two callers with the same mask pay no row twice. At
     * least one must be owed.
     *
     * @param rowMask Bit (1 << row) for each row to be tried.
     */
    function retry(uint256 chunkIndex, bytes calldata rows, bytes32[] calldata proof, uint256 rowMask) external;

    /**
     * @dev Returns the whole balance to the payer and ends the vault: by the payer at any time, by anyone once every
     * chunk is executed and nothing is owed, or after `closeAfter`.
     *
     * WARNING: What is still owed is then owed by the payer, not by this vault. Tokens that arrive later stay here.
     */
    function close() external;

    /// @dev The factory that created this vault.
    function factory() external view returns (address);

    /// @dev Who opened the batch, and to whom the remainder goes.
    function payer() external view returns (address);

    /// @dev The payer's identifier of the batch.
    function batchId() external view returns (bytes32);

    /// @dev The token of every payout.
    function token() external view returns (address);

    /// @dev Base units of the batch's total that were not paid out yet. Zero once closed.
    function remaining() external view returns (uint128);

    /// @dev The Merkle root over the batch's chunks.
    function root() external view returns (bytes32);

    /// @dev Chunks of the batch.
    function chunkCount() external view returns (uint32);

    /// @dev Gas that each row's transfer gets.
    function gasPerPayout() external view returns (uint32);

    /// @dev Unix seconds; once past, anyone may close.
    function closeAfter() external view returns (uint64);

    /// @dev Whether chunk `chunkIndex` was executed.
    function isExecuted(uint256 chunkIndex) external view returns (bool);

    /// @dev The rows of chunk `chunkIndex` that were tried and are not paid, bit (1 << row) each.
    function owedRows(uint256 chunkIndex) external view returns (uint256 bitmap);

    /// @dev How many chunks were executed.
    function executedChunkCount() external view returns (uint32);

    /// @dev How many rows are owed, over all executed chunks.
    function owedRowCount() external view returns (uint32);

    /// @dev Whether the vault is closed.
    function isClosed() external view returns (bool);
}
