// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {DevelopmentChain} from "./DevelopmentChain.sol";

/**
 * @dev A dollar for the embedded chain: 6 decimals, permit (EIP-2612), transfers by authorization (EIP-3009) and a
 * blocklist, as USDC has them.
 *
 * WARNING: Anyone may mint and block. It does so on the development chain only.
 */
contract DevelopmentUSDC is ERC20Permit, ERC3009, DevelopmentChain {
    mapping(address account => bool) public isBlocked;

    /// @dev `account` was put on the blocklist or taken off it.
    event BlockedChanged(address indexed account, bool blocked);

    /// @dev `account` is on the blocklist.
    error DevelopmentUSDCBlocked(address account);

    constructor() ERC20("Development USD Coin", "USDC") ERC20Permit("Development USD Coin") {}

    /// @dev Creates `amount` base units for `to`.
    function mint(address to, uint256 amount) external onlyDevelopmentChain {
        _mint(to, amount);
    }

    /// @dev Refuses, or allows again, every transfer from and to `account`.
    function setBlocked(address account, bool blocked) external onlyDevelopmentChain {
        isBlocked[account] = blocked;
        emit BlockedChanged(account, blocked);
    }

    /// @inheritdoc ERC20
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @inheritdoc ERC20
    function _update(address from, address to, uint256 value) internal override {
        if (isBlocked[from]) revert DevelopmentUSDCBlocked(from);
        if (isBlocked[to]) revert DevelopmentUSDCBlocked(to);
        super._update(from, to, value);
    }
}
