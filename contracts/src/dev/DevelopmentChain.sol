// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Keeps what is meant for the embedded chain from working anywhere else.
abstract contract DevelopmentChain {
    uint256 private constant DEVELOPMENT_CHAIN_ID = 31_337;

    /// @dev This chain is not the development chain.
    error DevelopmentChainOnly(uint256 chainId);

    modifier onlyDevelopmentChain() {
        if (block.chainid != DEVELOPMENT_CHAIN_ID) revert DevelopmentChainOnly(block.chainid);
        _;
    }
}
