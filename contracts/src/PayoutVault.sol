// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPayoutVault} from "./IPayoutVault.sol";
import {OpenParams} from "./IPayoutVaultFactory.sol";
import {MerkleChunks} from "./MerkleChunks.sol";
import {PayoutLimits} from "./PayoutLimits.sol";

/**
 * @dev Holds the money of one batch of one payer and pays its rows, each at most once.
 *
 * Every vault is a clone of one implementation, with the payer and the batch id appended to its code. Anyone may
 * execute; an executor chooses nothing but the order of the chunks. It cannot starve a row of gas, because the
 * chunk reverts unless each row gets its `gasPerPayout`. Where a row fails all the same (the token refuses the recipient,
 * is paused, or is locked by the very call that the executor made from inside it), the row stays owed and can be tried
 * again by anyone.
 *
 * A row whose recipient is the zero address, the token, the factory or this vault, and a row above what remains, is never
 * paid: it is owed without being tried. It does not stop its chunk, so that no payee depends on somebody else's row.
 *
 * WARNING: For tokens whose `transfer` moves the amount exactly. Fees and rebasing cannot pay a row twice or reach another
 * vault, but they can leave rows owed.
 *
 * WARNING: Only `token` is ever moved. Any other token, or native currency, that is sent here is lost.
 */
contract PayoutVault is IPayoutVault, ReentrancyGuardTransient {
    /// @dev Length of a clone's code, behind which its arguments lie.
    uint256 private constant ARGS_OFFSET = 0x2d;

    /// @inheritdoc IPayoutVault
    address public immutable factory = msg.sender;

    /// @inheritdoc IPayoutVault
    address public token;
    /// @inheritdoc IPayoutVault
    uint32 public chunkCount;
    /// @inheritdoc IPayoutVault
    uint32 public gasPerPayout;
    /// @inheritdoc IPayoutVault
    bool public isClosed;

    /// @inheritdoc IPayoutVault
    bytes32 public root;

    /// @inheritdoc IPayoutVault
    uint128 public remaining;
    /// @inheritdoc IPayoutVault
    uint64 public closeAfter;
    /// @inheritdoc IPayoutVault
    uint32 public executedChunkCount;
    /// @inheritdoc IPayoutVault
    uint32 public owedRowCount;

    mapping(uint256 word => uint256 bits) private _executed;

    /// @inheritdoc IPayoutVault
    mapping(uint256 chunkIndex => uint256 bitmap) public owedRows;

    modifier onlyOpen() {
        if (chunkCount == 0) revert PayoutVaultNotOpened();
        if (isClosed) revert PayoutVaultClosed();
        _;
    }

    /// @inheritdoc IPayoutVault
    function initialize(OpenParams calldata params) external {
        if (msg.sender != factory) revert PayoutVaultUnauthorized(msg.sender);
        if (chunkCount != 0) revert PayoutVaultAlreadyInitialized();
        token = params.token;
        chunkCount = params.chunkCount;
        gasPerPayout = params.gasPerPayout;
        root = params.root;
        remaining = uint128(params.total); // the factory has checked that it fits
        closeAfter = params.closeAfter;
    }

    /// @inheritdoc IPayoutVault
    function execute(uint256 chunkIndex, bytes calldata rows, bytes32[] calldata proof) external nonReentrant onlyOpen {
        if (isExecuted(chunkIndex)) revert PayoutVaultChunkAlreadyExecuted(chunkIndex);
        uint256 rowCount = _verify(chunkIndex, rows, proof);

        _executed[chunkIndex >> 8] |= 1 << (chunkIndex & 0xff);
        executedChunkCount += 1;
        uint256 owed = _deliver(rows, (1 << rowCount) - 1);
        if (owed != 0) {
            owedRows[chunkIndex] = owed;
            owedRowCount += _countBits(owed);
        }
        emit ChunkExecuted(chunkIndex, owed);
    }

    /// @inheritdoc IPayoutVault
    function retry(uint256 chunkIndex, bytes calldata rows, bytes32[] calldata proof, uint256 rowMask)
        external
        nonReentrant
        onlyOpen
    {
        uint256 owedBefore = owedRows[chunkIndex];
        uint256 attempt = owedBefore & rowMask;
        if (attempt == 0) revert PayoutVaultNothingOwed(chunkIndex);
        _verify(chunkIndex, rows, proof);

        uint256 delivered = attempt & ~_deliver(rows, attempt);
        owedRows[chunkIndex] = owedBefore & ~delivered;
        owedRowCount -= _countBits(delivered);
        emit PayoutsRetried(chunkIndex, delivered);
    }

    /// @inheritdoc IPayoutVault
    function close() external nonReentrant onlyOpen {
        address to = payer();
        bool settled = executedChunkCount == chunkCount && owedRowCount == 0;
        if (msg.sender != to && !settled && block.timestamp <= closeAfter) {
            revert PayoutVaultUnauthorized(msg.sender);
        }
        isClosed = true;
        remaining = 0;

        uint256 remainder = _balance(token);
        // Some tokens refuse to transfer nothing.
        if (remainder != 0) {
            bytes memory transferData = abi.encodeCall(IERC20.transfer, (to, remainder));
            (bool returned, bool delivered) = _transfer(token, transferData, gasleft());
            // A token may have moved everything and deny it: the money is where it belongs.
            if (!delivered && !(returned && _balance(token) == 0)) revert PayoutVaultCloseFailed();
        }
        emit VaultClosed(remainder);
    }

    /// @inheritdoc IPayoutVault
    function payer() public view returns (address) {
        (address payer_,) = _args();
        return payer_;
    }

    /// @inheritdoc IPayoutVault
    function batchId() external view returns (bytes32) {
        (, bytes32 batchId_) = _args();
        return batchId_;
    }

    /// @inheritdoc IPayoutVault
    function isExecuted(uint256 chunkIndex) public view returns (bool) {
        return (_executed[chunkIndex >> 8] >> (chunkIndex & 0xff)) & 1 != 0;
    }

    /// @dev Reverts unless `rows` are chunk `chunkIndex` of this batch.
    function _verify(uint256 chunkIndex, bytes calldata rows, bytes32[] calldata proof)
        private
        view
        returns (uint256 rowCount)
    {
        rowCount = rows.length / PayoutLimits.ROW_BYTES;
        if (rowCount == 0 || rowCount > PayoutLimits.MAX_ROWS_PER_CHUNK || rows.length % PayoutLimits.ROW_BYTES != 0) {
            revert PayoutVaultInvalidRows(rows.length);
        }
        (address payer_, bytes32 batchId_) = _args();
        bytes32 leaf = MerkleChunks.leaf(factory, payer_, batchId_, token, chunkIndex, rowCount, keccak256(rows));
        if (!MerkleChunks.verify(proof, root, leaf, chunkIndex, chunkCount)) revert PayoutVaultInvalidProof(chunkIndex);
    }

    /// @dev Pays the rows whose bit is set in `attempt` and returns those of them that were not delivered.
    function _deliver(bytes calldata rows, uint256 attempt) private returns (uint256 failed) {
        address token_ = token;
        uint256 gas_ = gasPerPayout;
        uint256 available = remaining;
        // To tell what a token did from what it says.
        uint256 balanceBefore = _balance(token_);
        bytes memory transferData = abi.encodeCall(IERC20.transfer, (address(0), 0));
        // EIP-150: a call gets at most 63/64 of what is left, without a word if it asked for more.
        uint256 gasFloor = (gas_ * 64) / 63 + PayoutLimits.CALL_RESERVE_GAS;

        // Nothing here can overflow: a transfer is at most what is available.
        unchecked {
            for (uint256 i = 0; attempt >> i != 0; ++i) {
                if ((attempt >> i) & 1 == 0) continue;
                (address recipient, uint256 amount) = _row(rows, i);
                bool delivered = false;
                if (amount <= available && _mayReceive(recipient, token_)) {
                    if (gasleft() < gasFloor) revert PayoutVaultInsufficientGas();
                    assembly ("memory-safe") {
                        mstore(add(transferData, 0x24), recipient)
                        mstore(add(transferData, 0x44), amount)
                    }
                    bool returned;
                    (returned, delivered) = _transfer(token_, transferData, gas_);
                    if (delivered) available -= amount;
                    else if (returned) _requireUnmoved(token_, balanceBefore, remaining - available);
                }
                if (!delivered) failed |= 1 << i;
            }
        }
        remaining = uint128(available);
    }

    /**
     * @dev Calls the token with `gas_` gas and reads at most 32 bytes of what it returns.
     *
     * `returned` is false if the call reverted, so that it had no effect. `delivered` is true if the token said so: by
     * returning true, or nothing at all from an address with code.
     */
    function _transfer(address token_, bytes memory transferData, uint256 gas_)
        private
        returns (bool returned, bool delivered)
    {
        assembly ("memory-safe") {
            returned := call(gas_, token_, 0, add(transferData, 0x20), mload(transferData), 0x00, 0x20)
            switch returndatasize()
            case 0 { delivered := and(returned, iszero(iszero(extcodesize(token_)))) }
            default { delivered := and(returned, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))) }
        }
    }

    function _mayReceive(address recipient, address token_) private view returns (bool) {
        return recipient != address(0) && recipient != token_ && recipient != factory && recipient != address(this);
    }

    /// @dev Owed and paid at once could be paid again. A token that moves and denies it pays nothing; the payer closes.
    function _requireUnmoved(address token_, uint256 balanceBefore, uint256 paid) private view {
        if (_balance(token_) + paid < balanceBefore) revert PayoutVaultUnreliableToken();
    }

    function _balance(address token_) private view returns (uint256) {
        return IERC20(token_).balanceOf(address(this));
    }

    /// @dev Row `index`. The caller has checked that it exists.
    function _row(bytes calldata rows, uint256 index) private pure returns (address recipient, uint256 amount) {
        uint256 row;
        assembly ("memory-safe") {
            row := calldataload(add(rows.offset, shl(5, index)))
        }
        return (address(uint160(row >> 96)), uint96(row));
    }

    /// @dev What the factory appended to this clone's code: 20 bytes of payer, 32 bytes of batch id.
    function _args() private view returns (address payer_, bytes32 batchId_) {
        assembly ("memory-safe") {
            extcodecopy(address(), 0x00, ARGS_OFFSET, 0x34)
            payer_ := shr(96, mload(0x00))
            batchId_ := mload(0x14)
        }
    }

    function _countBits(uint256 bits) private pure returns (uint32 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }
}
