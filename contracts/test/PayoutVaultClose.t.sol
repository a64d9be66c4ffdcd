// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayoutVault} from "../src/IPayoutVault.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";
import {HostileToken} from "./kit/HostileToken.sol";

contract PayoutVaultCloseTest is BatchTest {
    Batch internal batch;
    PayoutVault internal vault;

    function setUp() external {
        _setUpContracts();
        batch = _batch(_rows(2, 3));
        vault = _fundAndOpen(batch);
    }

    function test_thePayerClosesAtAnyTimeAndGetsWhatIsLeft() external {
        _execute(batch, 0);
        uint256 left = token.balanceOf(batch.vault);
        vm.expectEmit(true, true, true, true, batch.vault);
        emit IPayoutVault.VaultClosed(left);
        vm.prank(PAYER);
        vault.close();
        vm.assertEq(token.balanceOf(PAYER), left, "what was left");
        vm.assertEq(token.balanceOf(batch.vault), 0, "nothing stays");
        vm.assertEq(vault.remaining(), 0, "nothing remains");
        vm.assertTrue(vault.isClosed(), "closed");
    }

    function test_nothingMovesAfterClosing() external {
        token.setMode(_row(0, 0).recipient, HostileToken.Mode.Revert);
        _execute(batch, 0);
        vm.prank(PAYER);
        vault.close();
        token.setMode(_row(0, 0).recipient, HostileToken.Mode.Honest);
        token.mint(batch.vault, batch.params.total);
        uint256 moves = token.moveCount(batch.vault);

        vm.expectRevert(IPayoutVault.PayoutVaultClosed.selector);
        this.execute(1);
        vm.expectRevert(IPayoutVault.PayoutVaultClosed.selector);
        this.retry(0);
        vm.startPrank(PAYER);
        vm.expectRevert(IPayoutVault.PayoutVaultClosed.selector);
        vault.close();
        vm.expectRevert();
        factory.open(batch.params);
        vm.stopPrank();
        vm.assertEq(token.moveCount(batch.vault), moves, "nothing moved");
    }

    function test_anyoneClosesOnceEverythingIsPaid() external {
        token.mint(batch.vault, 123);
        _execute(batch, 1);
        _expectAnyoneRefused();
        token.setMode(_row(0, 2).recipient, HostileToken.Mode.Revert);
        _execute(batch, 0);
        _expectAnyoneRefused();
        token.setMode(_row(0, 2).recipient, HostileToken.Mode.Honest);
        _retry(batch, 0, type(uint256).max);

        vm.prank(ANYONE);
        vault.close();
        vm.assertEq(token.balanceOf(PAYER), 123, "the donation, to the payer and to nobody else");
        vm.assertEq(token.balanceOf(ANYONE), 0, "to nobody else");
    }

    function test_anyoneClosesWhatIsEmptyWithoutATransfer() external {
        _execute(batch, 0);
        _execute(batch, 1);
        token.setMode(PAYER, HostileToken.Mode.Revert);
        vm.expectEmit(true, true, true, true, batch.vault);
        emit IPayoutVault.VaultClosed(0);
        vm.prank(ANYONE);
        vault.close();
    }

    function testFuzz_anyoneClosesAfterCloseAfter(uint64 now_) external {
        vm.warp(now_);
        if (now_ <= CLOSE_AFTER) {
            _expectAnyoneRefused();
        } else {
            vm.prank(ANYONE);
            vault.close();
            vm.assertEq(token.balanceOf(PAYER), batch.params.total, "to the payer");
        }
    }

    function test_theMomentOfCloseAfterIsNotPastIt() external {
        vm.warp(CLOSE_AFTER);
        _expectAnyoneRefused();
        vm.warp(CLOSE_AFTER + 1);
        vm.prank(ANYONE);
        vault.close();
        vm.assertTrue(vault.isClosed(), "closed");
    }

    /// @dev A call that ran out of gas inside the token must not count as a close without its money.
    function testFuzz_closesWithItsMoneyOrNotAtAll(uint256 gasLimit, uint8 mode) external {
        token.setMode(PAYER, HostileToken.Mode(mode % 12 == 3 ? 0 : mode % 12));
        vm.prank(PAYER);
        (bool success,) = batch.vault.call{gas: gasLimit % 300_000}(abi.encodeCall(PayoutVault.close, ()));
        vm.assertTrue(vault.isClosed() == success, "closed if it succeeded");
        vm.assertEq(token.balanceOf(PAYER), success ? batch.params.total : 0, "all or nothing");
    }

    function test_aPayerThatTheTokenRefusesIsNotClosedOver() external {
        for (uint256 mode = 4; mode < 11; ++mode) {
            token.setMode(PAYER, HostileToken.Mode(mode));
            vm.prank(PAYER);
            vm.expectRevert(IPayoutVault.PayoutVaultCloseFailed.selector);
            vault.close{gas: 1_000_000}();
        }
        token.setMode(PAYER, HostileToken.Mode.ReturnNothing);
        vm.prank(PAYER);
        vault.close();
        vm.assertEq(token.balanceOf(PAYER), batch.params.total, "later it gets everything");
    }

    function test_opensExecutesAndClosesInOneTransaction() external {
        Batch memory second = _batch(_rows(1, 3), bytes32(uint256(1)));
        PayoutVault other = _fundAndOpen(second);
        _execute(second, 0);
        vm.prank(ANYONE);
        other.close();
        vm.assertTrue(other.isClosed(), "closed");
        vm.assertEq(token.moveCount(address(other)), 3, "three payouts and no remainder");
    }

    function execute(uint256 index) external {
        _execute(batch, index);
    }

    function retry(uint256 index) external {
        _retry(batch, index, type(uint256).max);
    }

    function _expectAnyoneRefused() private {
        vm.prank(ANYONE);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultUnauthorized.selector, ANYONE));
        vault.close();
    }
}
