// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {HostileExecutor} from "./kit/HostileExecutor.sol";

contract PayoutVaultInvariantTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    HostileExecutor internal executor;

    function setUp() external {
        executor = new HostileExecutor();
    }

    function targetContracts() external view returns (address[] memory contracts) {
        contracts = new address[](1);
        contracts[0] = address(executor);
    }

    /// @dev What pays is drawn more often than what prepares.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[17] memory selectors = [
            executor.execute.selector,
            executor.execute.selector,
            executor.execute.selector,
            executor.retry.selector,
            executor.retry.selector,
            executor.retry.selector,
            executor.close.selector,
            executor.attackWithAnotherChunk.selector,
            executor.attackAgain.selector,
            executor.attackWithClosedVault.selector,
            executor.openAgain.selector,
            executor.armAttacker.selector,
            executor.setMode.selector,
            executor.makeHonest.selector,
            executor.setPaused.selector,
            executor.donate.selector,
            executor.passTime.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(executor), new bytes4[](selectors.length));
        for (uint256 i = 0; i < selectors.length; ++i) targets[0].selectors[i] = selectors[i];
    }

    /// @dev Each row is paid at most once, and what was paid, what remains and what was given back are what came in.
    /// forge-config: default.invariant.runs = 100
    /// forge-config: default.invariant.depth = 100
    function invariant_paidOnceAndAccountedFor() external view {
        executor.checkOpenVault();
        executor.checkClosedVaults();
    }

    /// @dev At the end of each run: nothing that happened has lost a row that can be paid.
    function afterInvariant() external {
        executor.settle();
    }
}
