// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {DevelopmentChain} from "./DevelopmentChain.sol";

/**
 * @dev A dollar with 18 decimals for the embedded chain, as DAI has them.
 *
 * WARNING: Anyone may mint. It does so on the development chain only.
 */
contract DevelopmentToken18 is ERC20Permit, DevelopmentChain {
    constructor() ERC20("Development Dollar", "DUSD") ERC20Permit("Development Dollar") {}

    /// @dev Creates `amount` base units for `to`.
    function mint(address to, uint256 amount) external onlyDevelopmentChain {
        _mint(to, amount);
    }
}
