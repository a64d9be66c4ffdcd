// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IPayoutVaultFactory, OpenParams} from "./IPayoutVaultFactory.sol";
import {PayoutLimits} from "./PayoutLimits.sol";
import {PayoutVault} from "./PayoutVault.sol";

/**
 * @dev Creates one {PayoutVault} for each payer and batch id. It holds no money, has no owner and cannot change.
 *
 * A payer funds and opens a vault in one transaction: first `token.transfer(vaultOf(payer, batchId), total)`, then
 * {open}. No allowance is given to anybody.
 *
 * WARNING: Tokens sent to {vaultOf} of a batch that is never opened can only be recovered by opening it.
 */
contract PayoutVaultFactory is IPayoutVaultFactory {
    /// @inheritdoc IPayoutVaultFactory
    address public immutable implementation;

    constructor() {
        implementation = address(new PayoutVault());
    }

    /// @inheritdoc IPayoutVaultFactory
    function open(OpenParams calldata params) external returns (address vault) {
        _check(params);
        if (isOpened(msg.sender, params.batchId)) {
            revert PayoutVaultFactoryAlreadyOpened(msg.sender, params.batchId);
        }
        vault = Clones.cloneDeterministicWithImmutableArgs(
            implementation, _args(msg.sender, params.batchId), _salt(msg.sender, params.batchId)
        );
        // What arrived counts, not what was sent: this refuses tokens that take a fee.
        uint256 balance = IERC20(params.token).balanceOf(vault);
        if (balance < params.total) revert PayoutVaultFactoryUnderfunded(balance, params.total);
        PayoutVault(vault).initialize(params);
        emit BatchOpened(msg.sender, params.batchId, vault, params);
    }

    /// @inheritdoc IPayoutVaultFactory
    function vaultOf(address payer, bytes32 batchId) public view returns (address vault) {
        return Clones.predictDeterministicAddressWithImmutableArgs(
            implementation, _args(payer, batchId), _salt(payer, batchId)
        );
    }

    /// @inheritdoc IPayoutVaultFactory
    function isOpened(address payer, bytes32 batchId) public view returns (bool) {
        // A vault cannot be destroyed, so its code is the record that it was opened.
        return vaultOf(payer, batchId).code.length != 0;
    }

    function _check(OpenParams calldata params) private view {
        if (block.timestamp > params.openBy) revert PayoutVaultFactoryExpired(params.openBy);
        if (params.closeAfter < params.openBy) {
            revert PayoutVaultFactoryInvalidCloseAfter(params.openBy, params.closeAfter);
        }
        if (params.token.code.length == 0) revert PayoutVaultFactoryInvalidToken(params.token);
        if (params.total == 0 || params.total > type(uint128).max) {
            revert PayoutVaultFactoryInvalidTotal(params.total);
        }
        if (params.chunkCount == 0 || params.chunkCount > PayoutLimits.MAX_CHUNK_COUNT) {
            revert PayoutVaultFactoryInvalidChunkCount(params.chunkCount);
        }
        if (
            params.gasPerPayout < PayoutLimits.MIN_GAS_PER_PAYOUT
                || params.gasPerPayout > PayoutLimits.MAX_GAS_PER_PAYOUT
        ) {
            revert PayoutVaultFactoryInvalidGasPerPayout(params.gasPerPayout);
        }
    }

    function _args(address payer, bytes32 batchId) private pure returns (bytes memory) {
        return abi.encodePacked(payer, batchId);
    }

    function _salt(address payer, bytes32 batchId) private pure returns (bytes32) {
        return keccak256(abi.encode(payer, batchId));
    }
}
