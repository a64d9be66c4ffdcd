// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayoutVault} from "../src/IPayoutVault.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";
import {HostileToken} from "./kit/HostileToken.sol";

/// @dev What happens to rows that the token does not deliver.
contract PayoutVaultOwedTest is BatchTest {
    uint256 internal constant ROWS = 6;

    Batch internal batch;
    PayoutVault internal vault;

    function setUp() external {
        _setUpContracts();
        batch = _batch(_rows(2, ROWS));
        vault = _fundAndOpen(batch);
    }

    /// @dev Each row meets any behaviour; what the token moved and what the vault says must agree.
    function testFuzz_owedIsExactlyWhatDidNotMove(uint8[6] calldata modes, uint256 mask) external {
        for (uint256 j = 0; j < ROWS; ++j) token.setMode(_row(0, j).recipient, _mode(modes[j]));
        _execute(batch, 0);
        uint256 owed = _expectConsistent();

        mask &= (1 << ROWS) - 1;
        if (owed & mask == 0) {
            vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultNothingOwed.selector, 0));
            this.retry(0, mask);
            mask = type(uint256).max;
            if (owed == 0) return;
        }
        for (uint256 j = 0; j < ROWS; ++j) token.setMode(_row(0, j).recipient, HostileToken.Mode.Honest);
        vm.expectEmit(true, true, true, true, batch.vault);
        emit IPayoutVault.PayoutsRetried(0, owed & mask);
        _retry(batch, 0, mask);
        vm.assertEq(_expectConsistent(), owed & ~mask, "what was not asked for stays owed");
    }

    function test_aRetryThatFailsAgainLeavesTheRowOwed() external {
        token.setMode(_row(0, 2).recipient, HostileToken.Mode.Revert);
        token.setMode(_row(0, 4).recipient, HostileToken.Mode.ReturnFalse);
        _execute(batch, 0);
        token.setMode(_row(0, 2).recipient, HostileToken.Mode.Honest);
        vm.expectEmit(true, true, true, true, batch.vault);
        emit IPayoutVault.PayoutsRetried(0, 1 << 2);
        _retry(batch, 0, type(uint256).max);
        vm.assertEq(_expectConsistent(), 1 << 4, "one is left");

        vm.expectEmit(true, true, true, true, batch.vault);
        emit IPayoutVault.PayoutsRetried(0, 0);
        _retry(batch, 0, type(uint256).max);
        vm.assertEq(_expectConsistent(), 1 << 4, "still");
    }

    function test_aDeliveredRowIsNotRetried() external {
        token.setMode(_row(0, 0).recipient, HostileToken.Mode.Revert);
        _execute(batch, 0);
        token.setMode(_row(0, 0).recipient, HostileToken.Mode.Honest);
        _retry(batch, 0, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultNothingOwed.selector, 0));
        this.retry(0, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultNothingOwed.selector, 1));
        this.retry(1, type(uint256).max);
        for (uint256 j = 0; j < ROWS; ++j) vm.assertEq(_deliveries(batch, _row(0, j)), 1, "once");
    }

    function test_aRetryNeedsTheChunksOwnRows() external {
        token.setMode(_row(0, 0).recipient, HostileToken.Mode.Revert);
        _execute(batch, 0);
        bytes32[] memory proof = _proof(batch, 0);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultInvalidProof.selector, 0));
        vault.retry(0, batch.chunks[1], proof, 1);
    }

    function test_aPausedTokenOwesTheChunkAndPaysItLater() external {
        token.setPaused(true);
        _execute(batch, 0);
        vm.assertEq(_expectConsistent(), (1 << ROWS) - 1, "all owed");
        token.setPaused(false);
        _retry(batch, 0, type(uint256).max);
        vm.assertEq(_expectConsistent(), 0, "all paid");
    }

    function test_anExecutorInsideTheTokensLockLosesNobodysRow() external {
        vm.prank(ANYONE);
        vm.assertTrue(token.callWhileLocked(batch.vault, _executeCall(batch, 0)), "executed");
        vm.assertEq(_expectConsistent(), (1 << ROWS) - 1, "all owed");
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultUnauthorized.selector, ANYONE));
        vm.prank(ANYONE);
        vault.close();
        _retry(batch, 0, type(uint256).max);
        vm.assertEq(_expectConsistent(), 0, "all paid");
    }

    function test_aTokenThatLosesItsCodePaysNothingAndLosesNothing() external {
        bytes memory code = address(token).code;
        bytes memory call = _executeCall(batch, 0);
        vm.etch(address(token), "");
        (bool success,) = batch.vault.call(call);
        vm.assertFalse(success, "reverts");
        vm.assertFalse(vault.isExecuted(0), "not executed");
        vm.etch(address(token), code);
        _execute(batch, 0);
        vm.assertEq(_expectConsistent(), 0, "all paid");
    }

    function test_whatMayNotReceiveIsOwedAndStopsNobodyElse() external {
        Row[][] memory rows = _rows(1, ROWS);
        rows[0][0].recipient = address(0);
        rows[0][1].recipient = address(token);
        rows[0][3].recipient = address(factory);
        rows[0][4].recipient = factory.vaultOf(PAYER, bytes32(uint256(9)));
        Batch memory second = _batch(rows, bytes32(uint256(9)));
        PayoutVault other = _fundAndOpen(second);
        bytes32[] memory proof = new bytes32[](0);
        other.execute(0, second.chunks[0], proof);
        vm.assertEq(other.owedRows(0), 27, "rows 0, 1, 3 and 4");
        vm.assertEq(token.moveCount(address(other)), 2, "the others are paid");
        other.retry(0, second.chunks[0], proof, type(uint256).max);
        vm.assertEq(other.owedRows(0), 27, "for good");
    }

    function test_rowsAboveTheTotalAreOwed() external {
        Row[][] memory rows = _rows(1, 3);
        Batch memory second = _batch(rows, bytes32(uint256(9)));
        second.params.total -= 1;
        PayoutVault other = _fundAndOpen(second);
        token.mint(address(other), 1_000_000_000);
        other.execute(0, second.chunks[0], new bytes32[](0));
        vm.assertEq(other.owedRows(0), 1 << 2, "donations do not raise what may be paid");
        vm.assertEq(other.remaining(), rows[0][2].amount - 1, "remaining");
    }

    /// @dev Paid and owed at once would be paid again by a retry.
    function test_aTokenThatMovesAndDeniesItPaysNothing() external {
        token.mint(batch.vault, 10_000_000_000);
        token.setMode(_row(0, 3).recipient, HostileToken.Mode.MoveAndDeny);
        vm.expectRevert(IPayoutVault.PayoutVaultUnreliableToken.selector);
        this.execute(0);
        vm.assertEq(token.moveCount(batch.vault), 0, "nothing moved");

        token.setMode(PAYER, HostileToken.Mode.MoveAndDeny);
        uint256 balance = token.balanceOf(batch.vault);
        vm.prank(PAYER);
        vault.close();
        vm.assertEq(token.balanceOf(PAYER), balance, "the payer gets everything back");
    }

    function test_aRebaseDownOwesWhatIsNotThereAnyMore() external {
        token.setBalance(batch.vault, _row(0, 0).amount);
        _execute(batch, 0);
        vm.assertEq(vault.owedRows(0), (1 << ROWS) - 2, "one could be paid");
        token.setBalance(batch.vault, batch.params.total);
        _retry(batch, 0, type(uint256).max);
        _execute(batch, 1);
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 j = 0; j < ROWS; ++j) vm.assertEq(_deliveries(batch, _row(i, j)), 1, "paid once");
        }
    }

    /// @dev Whatever a token takes from the vault or gives to it, no row is paid twice and none is lost for good.
    function testFuzz_feesAndRebasesNeitherRepeatNorLoseARow(uint16 fee, uint128 balance, uint128 later) external {
        uint256 total = batch.params.total;
        token.setFee(fee % 10_001);
        token.setBalance(batch.vault, balance % (2 * total));
        for (uint256 i = 0; i < 2; ++i) _execute(batch, i);
        _expectAtMostOnce();
        token.setBalance(batch.vault, later % (2 * total));
        for (uint256 i = 0; i < 2; ++i) if (vault.owedRows(i) != 0) _retry(batch, i, type(uint256).max);
        _expectAtMostOnce();
        token.setBalance(batch.vault, total);
        for (uint256 i = 0; i < 2; ++i) if (vault.owedRows(i) != 0) _retry(batch, i, type(uint256).max);
        _expectAtMostOnce();
        vm.assertEq(token.moveCount(batch.vault), 2 * ROWS, "all paid in the end");
        vm.assertEq(vault.remaining(), 0, "nothing remains");
    }

    function execute(uint256 index) external {
        _execute(batch, index);
    }

    function retry(uint256 index, uint256 rowMask) external {
        _retry(batch, index, rowMask);
    }

    /// @dev Compares the vault's word about chunk 0 with the token's ledger, and returns what is owed.
    function _expectConsistent() private view returns (uint256 owed) {
        uint256 paid;
        uint256 owedCount;
        for (uint256 j = 0; j < ROWS; ++j) {
            uint256 deliveries = _deliveries(batch, _row(0, j));
            vm.assertLe(deliveries, 1, "at most once");
            paid += deliveries * _row(0, j).amount;
            if (deliveries == 0) (owed, owedCount) = (owed | 1 << j, owedCount + 1);
        }
        vm.assertEq(vault.owedRows(0), owed, "owed rows");
        vm.assertEq(vault.owedRowCount(), owedCount, "owed count");
        vm.assertEq(vault.remaining(), batch.params.total - paid, "paid and remaining are the total");
        vm.assertEq(token.balanceOf(batch.vault), vault.remaining(), "and it is there");
    }

    function _expectAtMostOnce() private view {
        uint256 paid;
        for (uint256 i = 0; i < 2 * ROWS; ++i) {
            Row memory row = _row(i / ROWS, i % ROWS);
            vm.assertLe(_deliveries(batch, row), 1, "at most once");
            paid += _deliveries(batch, row) * row.amount;
        }
        vm.assertEq(paid + vault.remaining(), batch.params.total, "paid and remaining are the total");
    }

    function _mode(uint8 seed) private pure returns (HostileToken.Mode) {
        // Any but CallHook and MoveAndDeny, which have tests of their own.
        uint256 mode = seed % 10;
        return HostileToken.Mode(mode < 3 ? mode : mode + 1);
    }
}
