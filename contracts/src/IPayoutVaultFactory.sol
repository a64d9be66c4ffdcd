// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @dev What a payer signs when opening a batch.
 *
 * - `batchId` The payer's own identifier; never used twice, not even after closing.
 * - `token` The ERC-20 token of every payout of the batch.
 * - `total` Base units that the vault must hold when it is opened: the sum of all rows.
 * - `root` The Merkle root over the batch's chunks, see {MerkleChunks}.
 * - `chunkCount` Leaves under `root`.
 * - `gasPerPayout` Gas that each row's transfer gets, no more and no less.
 * - `openBy` Unix seconds; the last moment at which this can be opened.
 * - `closeAfter` Unix seconds; once past, anyone may return what is left to the payer.
 */
struct OpenParams {
    bytes32 batchId;
    address token;
    uint256 total;
    bytes32 root;
    uint32 chunkCount;
    uint32 gasPerPayout;
    uint64 openBy;
    uint64 closeAfter;
}

interface IPayoutVaultFactory {
    /// @dev `vault` was created for (`payer`, `batchId`) and holds at least `params.total`.
    event BatchOpened(address indexed payer, bytes32 indexed batchId, address indexed vault, OpenParams params);

    /// @dev The moment `openBy` has passed: the approval has ended.
    error PayoutVaultFactoryExpired(uint64 openBy);

    /// @dev This payer has opened this batch before. It may be closed by now; it stays opened for good.
    error PayoutVaultFactoryAlreadyOpened(address payer, bytes32 batchId);

    /// @dev The vault holds `balance`, less than `total`: it was not funded, or the token takes a fee.
    error PayoutVaultFactoryUnderfunded(uint256 balance, uint256 total);

    /// @dev There is no contract at `token`.
    error PayoutVaultFactoryInvalidToken(address token);

    /// @dev `total` is zero or does not fit 128 bits.
    error PayoutVaultFactoryInvalidTotal(uint256 total);

    /// @dev `chunkCount` is zero or above the maximum.
    error PayoutVaultFactoryInvalidChunkCount(uint256 chunkCount);

    /// @dev `gasPerPayout` is outside its bounds.
    error PayoutVaultFactoryInvalidGasPerPayout(uint256 gasPerPayout);

    /// @dev `closeAfter` lies before `openBy`.
    error PayoutVaultFactoryInvalidCloseAfter(uint64 openBy, uint64 closeAfter);

    /**
     * @dev Creates the caller's vault for `params.batchId`. The caller is the payer.
     *
     * Requirements:
     *
     * - now is at most `params.openBy`, and `params.closeAfter` not before it.
     * - (caller, `params.batchId`) was never opened.
     * - the vault's address already holds `params.total` of `params.token`.
     */
    function open(OpenParams calldata params) external returns (address vault);

    /// @dev The address of the vault of (`payer`, `batchId`), whether it has been opened or not.
    function vaultOf(address payer, bytes32 batchId) external view returns (address vault);

    /// @dev Whether (`payer`, `batchId`) was ever opened. Stays true after the vault is closed.
    function isOpened(address payer, bytes32 batchId) external view returns (bool);

    /// @dev The contract that every vault delegates to.
    function implementation() external view returns (address);
}
