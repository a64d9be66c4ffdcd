// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A recipient that makes one prepared call from inside the token's callback.
contract Reentrant {
    address internal target;
    bytes internal data;
    bool internal bubbles;

    bool public called;
    bool public succeeded;
    bytes public reason;

    function prepare(address target_, bytes calldata data_, bool bubbles_) external {
        (target, data, bubbles) = (target_, data_, bubbles_);
        (called, succeeded, reason) = (false, false, "");
    }

    function tokensReceived(address, uint256) external {
        if (target == address(0) || called) return;
        called = true;
        bytes memory result;
        (succeeded, result) = target.call(data);
        if (succeeded) return;
        if (bubbles) {
            assembly {
                revert(add(result, 0x20), mload(result))
            }
        }
        reason = result;
    }
}
