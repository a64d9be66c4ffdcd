// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";
import {HostileToken} from "./kit/HostileToken.sol";
import {Reentrant} from "./kit/Reentrant.sol";

/// @dev A recipient that the token calls, as ERC-777 does, and that calls whatever it likes from there.
contract PayoutVaultReentrancyTest is BatchTest {
    Batch internal batch;
    PayoutVault internal vault;
    Reentrant internal attacker;

    function setUp() external {
        _setUpContracts();
        attacker = new Reentrant();
        Row[][] memory chunks = _rows(3, 3);
        chunks[0][1].recipient = address(attacker);
        token.setMode(address(attacker), HostileToken.Mode.CallHook);
        batch = _batch(chunks);
        batch.params.gasPerPayout = 1_000_000;
        vault = _fundAndOpen(batch);
    }

    function test_cannotExecuteTheSameChunkFromInsideAPayout() external {
        _expectLocked(_executeCall(batch, 0));
        _expectEachPaid(1);
    }

    function test_cannotExecuteAnotherChunkFromInsideAPayout() external {
        _expectLocked(_executeCall(batch, 1));
        _execute(batch, 1);
        _expectEachPaid(2);
    }

    function test_cannotRetryFromInsideAPayout() external {
        token.setMode(_rowOf(0, 0).recipient, HostileToken.Mode.Revert);
        token.setMode(_rowOf(0, 1).recipient, HostileToken.Mode.Revert);
        _execute(batch, 0);
        token.setMode(_rowOf(0, 0).recipient, HostileToken.Mode.Honest);
        token.setMode(_rowOf(0, 1).recipient, HostileToken.Mode.CallHook);
        bytes memory call = abi.encodeCall(PayoutVault.retry, (0, batch.chunks[0], _proof(batch, 0), type(uint256).max));
        attacker.prepare(batch.vault, call, false);
        _retry(batch, 0, type(uint256).max);
        _expectRefused();
        _expectEachPaid(1);
    }

    function test_cannotCloseFromInsideAPayout() external {
        vm.warp(CLOSE_AFTER + 1);
        _expectLocked(abi.encodeCall(PayoutVault.close, ()));
        vm.assertFalse(vault.isClosed(), "open");
        _expectEachPaid(1);
    }

    /// @dev A payer with a callback is told of its remainder before the call is over.
    function test_aPayersCallbackDuringCloseMovesNothing() external {
        vm.startPrank(address(attacker));
        Batch memory own = _batch(_rows(2, 2), bytes32(uint256(5)));
        own.vault = factory.vaultOf(address(attacker), own.params.batchId);
        token.mint(own.vault, own.params.total);
        factory.open(own.params);
        vm.stopPrank();
        vm.warp(CLOSE_AFTER + 1);
        attacker.prepare(own.vault, abi.encodeCall(PayoutVault.close, ()), false);
        PayoutVault(own.vault).close();
        _expectRefused();
        vm.assertEq(token.moveCount(own.vault), 1, "one transfer, of everything");
        vm.assertEq(token.balanceOf(address(attacker)), own.params.total, "to the payer");
    }

    function test_aCallbackMayOpenABatchOfItsOwn() external {
        Batch memory own = _batch(_rows(1, 1), bytes32(uint256(5)));
        token.mint(factory.vaultOf(address(attacker), own.params.batchId), own.params.total);
        attacker.prepare(address(factory), abi.encodeCall(factory.open, (own.params)), false);
        _execute(batch, 0);
        vm.assertTrue(attacker.succeeded(), "vaults are independent");
        vm.assertTrue(factory.isOpened(address(attacker), own.params.batchId), "opened");
        _expectEachPaid(1);
    }

    function test_aCallbackThatDonatesBreaksNothing() external {
        attacker.prepare(address(token), abi.encodeCall(HostileToken.transfer, (batch.vault, 5)), false);
        _execute(batch, 0);
        vm.assertTrue(attacker.succeeded(), "donated");
        _expectEachPaid(1);
        vm.assertEq(token.balanceOf(batch.vault), uint256(vault.remaining()) + 5, "on top of what remains");
    }

    function test_aCallbackThatRevertsHarmsItsOwnRowAlone() external {
        attacker.prepare(batch.vault, _executeCall(batch, 1), true);
        _execute(batch, 0);
        vm.assertEq(vault.owedRows(0), 2, "its own row");
        vm.assertEq(token.moveCount(batch.vault), 2, "the others are paid");
    }

    /// @dev Attempts `call` on the vault from inside a payout of chunk 0.
    function _expectLocked(bytes memory call) private {
        attacker.prepare(batch.vault, call, false);
        _execute(batch, 0);
        _expectRefused();
    }

    function _rowOf(uint256 chunk, uint256 index) private view returns (Row memory row) {
        row = _row(chunk, index);
        if (chunk == 0 && index == 1) row.recipient = address(attacker);
    }

    function _expectRefused() private view {
        vm.assertTrue(attacker.called() && !attacker.succeeded(), "called and refused");
        bytes4 selector = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        vm.assertTrue(bytes4(attacker.reason()) == selector, "by the lock");
    }

    function _expectEachPaid(uint256 chunks) private view {
        uint256 paid;
        for (uint256 i = 0; i < chunks; ++i) {
            for (uint256 j = 0; j < 3; ++j) {
                vm.assertEq(_deliveries(batch, _rowOf(i, j)), 1, "once");
                paid += _rowOf(i, j).amount;
            }
        }
        vm.assertEq(token.moveCount(batch.vault), chunks * 3, "and nothing else");
        vm.assertEq(vault.remaining(), batch.params.total - paid, "remaining");
    }
}
