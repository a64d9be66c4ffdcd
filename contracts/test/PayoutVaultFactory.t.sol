// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayoutVault} from "../src/IPayoutVault.sol";
import {IPayoutVaultFactory, OpenParams} from "../src/IPayoutVaultFactory.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";

contract PayoutVaultFactoryTest is BatchTest {
    Batch internal batch;

    function setUp() external {
        _setUpContracts();
        batch = _batch(_rows(3, 2));
    }

    function test_opensAVaultThatKnowsItsBatch() external {
        vm.assertFalse(factory.isOpened(PAYER, BATCH_ID), "not opened yet");
        token.mint(batch.vault, batch.params.total);
        vm.expectEmit(true, true, true, true, address(factory));
        emit IPayoutVaultFactory.BatchOpened(PAYER, BATCH_ID, batch.vault, batch.params);
        vm.prank(PAYER);
        PayoutVault vault = PayoutVault(factory.open(batch.params));

        vm.assertEq(address(vault), batch.vault, "address known beforehand");
        vm.assertTrue(factory.isOpened(PAYER, BATCH_ID), "opened");
        vm.assertEq(vault.factory(), address(factory), "factory");
        vm.assertEq(vault.payer(), PAYER, "payer");
        vm.assertEq(vault.batchId(), BATCH_ID, "batch id");
        vm.assertEq(vault.token(), address(token), "token");
        vm.assertEq(vault.remaining(), batch.params.total, "remaining");
        vm.assertEq(vault.root(), batch.params.root, "root");
        vm.assertEq(vault.chunkCount(), 3, "chunk count");
        vm.assertEq(vault.gasPerPayout(), GAS_PER_PAYOUT, "gas per payout");
        vm.assertEq(vault.closeAfter(), CLOSE_AFTER, "close after");
        vm.assertEq(vault.executedChunkCount(), 0, "executed chunks");
        vm.assertEq(vault.owedRowCount(), 0, "owed rows");
        vm.assertFalse(vault.isClosed(), "closed");
    }

    function testFuzz_vaultAddressFollowsFromPayerAndBatchIdAlone(address payer, bytes32 batchId) external view {
        bytes memory code = abi.encodePacked(
            hex"610061",
            hex"3d81600a3d39f3363d3d373d3d3d363d73",
            factory.implementation(),
            hex"5af43d82803e903d91602b57fd5bf3",
            payer,
            batchId
        );
        bytes32 salt = keccak256(abi.encode(payer, batchId));
        bytes32 digest = keccak256(abi.encodePacked(hex"ff", address(factory), salt, keccak256(code)));
        vm.assertEq(factory.vaultOf(payer, batchId), address(uint160(uint256(digest))), "CREATE2 of the clone");
    }

    function test_payersAndBatchesDoNotShareVaults() external {
        _fundAndOpen(batch);
        OpenParams memory other = batch.params;
        other.batchId = bytes32(uint256(1));
        token.mint(factory.vaultOf(PAYER, other.batchId), other.total);
        token.mint(factory.vaultOf(ANYONE, BATCH_ID), batch.params.total);
        vm.prank(PAYER);
        address second = factory.open(other);
        vm.prank(ANYONE);
        address third = factory.open(batch.params);
        vm.assertTrue(second != batch.vault && third != batch.vault && second != third, "three vaults");
        vm.assertEq(PayoutVault(third).payer(), ANYONE, "the caller is the payer");
    }

    function test_nobodyElsesOpeningTakesThePayersPlace() external {
        token.mint(batch.vault, batch.params.total);
        vm.prank(ANYONE);
        vm.expectRevert(
            abi.encodeWithSelector(IPayoutVaultFactory.PayoutVaultFactoryUnderfunded.selector, 0, batch.params.total)
        );
        factory.open(batch.params);
        vm.assertFalse(factory.isOpened(PAYER, BATCH_ID), "still the payer's");
    }

    function test_opensOnceOnly() external {
        PayoutVault vault = _fundAndOpen(batch);
        token.mint(batch.vault, batch.params.total);
        _expectOpenToRevert(
            batch.params,
            abi.encodeWithSelector(IPayoutVaultFactory.PayoutVaultFactoryAlreadyOpened.selector, PAYER, BATCH_ID)
        );
        vm.prank(PAYER);
        vault.close();
        _expectOpenToRevert(
            batch.params,
            abi.encodeWithSelector(IPayoutVaultFactory.PayoutVaultFactoryAlreadyOpened.selector, PAYER, BATCH_ID)
        );
        vm.assertTrue(factory.isOpened(PAYER, BATCH_ID), "stays opened after closing");
    }

    function testFuzz_opensUpToOpenBy(uint64 now_) external {
        token.mint(batch.vault, batch.params.total);
        vm.warp(now_);
        if (now_ > OPEN_BY) {
            bytes4 selector = IPayoutVaultFactory.PayoutVaultFactoryExpired.selector;
            _expectOpenToRevert(batch.params, abi.encodeWithSelector(selector, OPEN_BY));
        } else {
            vm.prank(PAYER);
            factory.open(batch.params);
        }
    }

    function test_theLastMomentIsOpenByItself() external {
        token.mint(batch.vault, batch.params.total);
        vm.warp(OPEN_BY + 1);
        bytes4 selector = IPayoutVaultFactory.PayoutVaultFactoryExpired.selector;
        _expectOpenToRevert(batch.params, abi.encodeWithSelector(selector, OPEN_BY));
        vm.warp(OPEN_BY);
        vm.prank(PAYER);
        factory.open(batch.params);
    }

    function test_refusesAVaultThatHoldsLessThanItsTotal() external {
        token.mint(batch.vault, batch.params.total - 1);
        _expectOpenToRevert(
            batch.params,
            abi.encodeWithSelector(
                IPayoutVaultFactory.PayoutVaultFactoryUnderfunded.selector, batch.params.total - 1, batch.params.total
            )
        );
    }

    function test_refusesATokenThatTakesAFee() external {
        token.mint(PAYER, batch.params.total);
        token.setFee(1);
        vm.prank(PAYER);
        token.transfer(batch.vault, batch.params.total);
        uint256 arrived = batch.params.total - batch.params.total / 10_000;
        _expectOpenToRevert(
            batch.params,
            abi.encodeWithSelector(
                IPayoutVaultFactory.PayoutVaultFactoryUnderfunded.selector, arrived, batch.params.total
            )
        );
    }

    function test_refusesAnAddressWithoutCodeAsToken() external {
        OpenParams memory params = batch.params;
        params.token = address(0xC0DE1E55);
        _expectOpenToRevert(
            params, abi.encodeWithSelector(IPayoutVaultFactory.PayoutVaultFactoryInvalidToken.selector, params.token)
        );
    }

    function testFuzz_boundsOfTotal(uint256 total) external {
        OpenParams memory params = batch.params;
        params.total = total;
        token.setBalance(batch.vault, type(uint256).max);
        if (total == 0 || total > type(uint128).max) {
            bytes4 selector = IPayoutVaultFactory.PayoutVaultFactoryInvalidTotal.selector;
            _expectOpenToRevert(params, abi.encodeWithSelector(selector, total));
        } else {
            vm.prank(PAYER);
            vm.assertEq(PayoutVault(factory.open(params)).remaining(), total, "total");
        }
    }

    function test_edgesOfTotal() external {
        OpenParams memory params = batch.params;
        token.setBalance(batch.vault, type(uint256).max);
        bytes4 selector = IPayoutVaultFactory.PayoutVaultFactoryInvalidTotal.selector;
        params.total = 0;
        _expectOpenToRevert(params, abi.encodeWithSelector(selector, 0));
        params.total = uint256(type(uint128).max) + 1;
        _expectOpenToRevert(params, abi.encodeWithSelector(selector, params.total));
        params.total = type(uint128).max;
        vm.prank(PAYER);
        vm.assertEq(PayoutVault(factory.open(params)).remaining(), type(uint128).max, "total");
    }

    function test_boundsOfChunkCountAndGasAndTimes() external {
        token.mint(batch.vault, batch.params.total);
        bytes4 chunkCount = IPayoutVaultFactory.PayoutVaultFactoryInvalidChunkCount.selector;
        bytes4 gasPerPayout = IPayoutVaultFactory.PayoutVaultFactoryInvalidGasPerPayout.selector;
        bytes4 closeAfter = IPayoutVaultFactory.PayoutVaultFactoryInvalidCloseAfter.selector;

        OpenParams memory params = batch.params;
        params.chunkCount = 0;
        _expectOpenToRevert(params, abi.encodeWithSelector(chunkCount, 0));
        params.chunkCount = 16_777_217;
        _expectOpenToRevert(params, abi.encodeWithSelector(chunkCount, 16_777_217));
        params.chunkCount = 16_777_216;

        params.gasPerPayout = 29_999;
        _expectOpenToRevert(params, abi.encodeWithSelector(gasPerPayout, 29_999));
        params.gasPerPayout = 16_000_001;
        _expectOpenToRevert(params, abi.encodeWithSelector(gasPerPayout, 16_000_001));
        params.gasPerPayout = 16_000_000;

        params.closeAfter = OPEN_BY - 1;
        _expectOpenToRevert(params, abi.encodeWithSelector(closeAfter, OPEN_BY, OPEN_BY - 1));
        params.closeAfter = OPEN_BY;

        vm.prank(PAYER);
        factory.open(params);
    }

    function test_onlyTheFactoryInitializesAndOnlyOnce() external {
        PayoutVault vault = _fundAndOpen(batch);
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultUnauthorized.selector, PAYER));
        vault.initialize(batch.params);
        vm.prank(address(factory));
        vm.expectRevert(IPayoutVault.PayoutVaultAlreadyInitialized.selector);
        vault.initialize(batch.params);
    }

    function test_theImplementationItselfIsInert() external {
        PayoutVault implementation = PayoutVault(factory.implementation());
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultUnauthorized.selector, address(this)));
        implementation.initialize(batch.params);
        vm.expectRevert(IPayoutVault.PayoutVaultNotOpened.selector);
        implementation.execute(0, batch.chunks[0], new bytes32[](0));
        vm.expectRevert(IPayoutVault.PayoutVaultNotOpened.selector);
        implementation.retry(0, batch.chunks[0], new bytes32[](0), 1);
        vm.expectRevert(IPayoutVault.PayoutVaultNotOpened.selector);
        implementation.close();
    }

    /// @dev A reorg takes the opening away and brings it back: the same address, the same payments, once.
    function testFuzz_reorgOfOpen(bool executedBefore, uint64 secondsLater) external {
        token.mint(PAYER, batch.params.total);
        uint256 fork = vm.snapshotState();
        _payerTransfersAndOpens();
        if (executedBefore) _execute(batch, 0);
        vm.revertToState(fork);
        vm.assertFalse(factory.isOpened(PAYER, BATCH_ID), "the opening is gone");
        vm.warp(block.timestamp + (secondsLater % 1 days));

        // What an executor sends meanwhile reaches an address without code: nothing happens, no log says it did.
        vm.recordLogs();
        (bool success,) = batch.vault.call(_executeCall(batch, 0));
        vm.assertTrue(success, "a call of nothing succeeds");
        vm.assertEq(vm.getRecordedLogs().length, 0, "and logs nothing");

        _payerTransfersAndOpens();
        for (uint256 i = 0; i < 3; ++i) _execute(batch, i);
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = 0; j < 2; ++j) vm.assertEq(_deliveries(batch, _row(i, j)), 1, "paid once");
        }
    }

    function _payerTransfersAndOpens() private {
        vm.startPrank(PAYER);
        token.transfer(batch.vault, batch.params.total);
        factory.open(batch.params);
        vm.stopPrank();
    }

    function _expectOpenToRevert(OpenParams memory params, bytes memory reason) private {
        vm.prank(PAYER);
        vm.expectRevert(reason);
        factory.open(params);
    }
}
