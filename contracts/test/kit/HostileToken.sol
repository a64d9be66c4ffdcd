// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

interface ITransferHook {
    function tokensReceived(address from, uint256 amount) external;
}

/**
 * @dev A token that does, for each recipient, whatever tokens in the wild do. It keeps count of what really moved, so that
 * tests never have to believe the vault.
 */
contract HostileToken {
    enum Mode {
        Honest,
        ReturnNothing,
        ReturnBombOfTrue,
        CallHook,
        // From here on nothing is delivered.
        ReturnFalse,
        ReturnTwo,
        ReturnShort,
        ReturnBombOfFalse,
        Revert,
        RevertBomb,
        BurnGas,
        // Moves and denies it, as Tether Gold once did.
        MoveAndDeny
    }

    uint256 internal constant BOMB_BYTES = 100_000;

    bool public isPaused;
    bool public isLocked;
    uint256 public feeBasisPoints;
    mapping(address => uint256) public balanceOf;
    mapping(address => Mode) public modeOf;
    /// @dev How often exactly `amount` went from `from` to `to`.
    mapping(address from => mapping(address to => mapping(uint256 amount => uint256))) public moves;
    mapping(address from => uint256) public moveCount;

    error HostileTokenRefused();

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    /// @dev A rebase, or a confiscation.
    function setBalance(address account, uint256 amount) external {
        balanceOf[account] = amount;
    }

    function setMode(address recipient, Mode mode) external {
        modeOf[recipient] = mode;
    }

    function setPaused(bool paused) external {
        isPaused = paused;
    }

    function setFee(uint256 basisPoints) external {
        feeBasisPoints = basisPoints;
    }

    /// @dev Calls `target` while the token's own reentrancy lock is held, as from inside one of its callbacks.
    function callWhileLocked(address target, bytes calldata data) external returns (bool success) {
        isLocked = true;
        (success,) = target.call(data);
        isLocked = false;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (isPaused || isLocked) revert HostileTokenRefused();
        Mode mode = modeOf[to];
        if (mode == Mode.Revert) revert HostileTokenRefused();
        if (mode == Mode.RevertBomb) {
            assembly {
                revert(0, BOMB_BYTES)
            }
        }
        if (mode == Mode.BurnGas) {
            assembly {
                invalid()
            }
        }
        if (mode == Mode.ReturnFalse) return false;
        if (mode == Mode.ReturnTwo) _return(2, 32);
        if (mode == Mode.ReturnShort) _return(0, 31);
        if (mode == Mode.ReturnBombOfFalse) _return(0, BOMB_BYTES);

        _move(msg.sender, to, amount);
        if (mode == Mode.CallHook) ITransferHook(to).tokensReceived(msg.sender, amount);
        if (mode == Mode.ReturnNothing) _return(0, 0);
        if (mode == Mode.ReturnBombOfTrue) _return(1, BOMB_BYTES);
        return mode != Mode.MoveAndDeny;
    }

    function _move(address from, address to, uint256 amount) private {
        if (balanceOf[from] < amount) revert HostileTokenRefused();
        balanceOf[from] -= amount;
        balanceOf[to] += amount - (amount * feeBasisPoints) / 10_000;
        moves[from][to][amount] += 1;
        moveCount[from] += 1;
    }

    function _return(uint256 word, uint256 length) private pure {
        assembly {
            mstore(0x00, word)
            return(0x00, length)
        }
    }
}
