// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayoutVault} from "../src/IPayoutVault.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";

contract PayoutVaultTest is BatchTest {
    Batch internal batch;
    PayoutVault internal vault;

    function setUp() external {
        _setUpContracts();
        batch = _batch(_rows(3, 4));
        vault = _fundAndOpen(batch);
    }

    function test_paysAChunkOnce() external {
        vm.expectEmit(true, true, true, true, batch.vault);
        emit IPayoutVault.ChunkExecuted(1, 0);
        _execute(batch, 1);
        for (uint256 j = 0; j < 4; ++j) vm.assertEq(_deliveries(batch, _row(1, j)), 1, "paid");
        vm.assertEq(token.moveCount(batch.vault), 4, "and nobody else");
        vm.assertTrue(vault.isExecuted(1) && !vault.isExecuted(0) && !vault.isExecuted(2), "marked");
        vm.assertEq(vault.executedChunkCount(), 1, "counted");
        vm.assertEq(vault.remaining(), token.balanceOf(batch.vault), "remaining is what is there");

        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultChunkAlreadyExecuted.selector, 1));
        this.execute(1, 1);
    }

    function test_refusesAChunkUnderAnotherIndexOrProof() external {
        for (uint256 claimed = 0; claimed < 4; ++claimed) {
            for (uint256 proved = 0; proved < 3; ++proved) {
                for (uint256 sent = 0; sent < 3; ++sent) {
                    if (claimed == proved && proved == sent) continue;
                    bytes32[] memory proof = _proof(batch, proved);
                    bytes memory reason =
                        abi.encodeWithSelector(IPayoutVault.PayoutVaultInvalidProof.selector, claimed);
                    vm.expectRevert(reason);
                    vault.execute(claimed, batch.chunks[sent], proof);
                }
            }
        }
    }

    function test_refusesAnotherVaultsChunk() external {
        PayoutVault other;
        {
            Batch memory second = batch;
            second.params.batchId = bytes32(uint256(7));
            second.vault = factory.vaultOf(PAYER, second.params.batchId);
            other = _fundAndOpen(second);
        }
        bytes32[] memory proof = _proof(batch, 0);
        // The same root, payer, token and rows; but these leaves name the first batch.
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultInvalidProof.selector, 0));
        other.execute(0, batch.chunks[0], proof);
    }

    function test_refusesOnAnotherChain() external {
        bytes32[] memory proof = _proof(batch, 0);
        vm.chainId(block.chainid + 1);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultInvalidProof.selector, 0));
        vault.execute(0, batch.chunks[0], proof);
    }

    /// @dev The 64 bytes below an inner node look like two rows.
    function test_refusesInnerNodesAsChunks() external {
        bytes memory children = bytes.concat(batch.leaves[0], batch.leaves[1]);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = batch.leaves[2];
        for (uint256 index = 0; index < 3; ++index) {
            vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultInvalidProof.selector, index));
            vault.execute(index, children, proof);
        }
    }

    function testFuzz_refusesRowsOfAnyOtherLength(uint256 length) external {
        length %= 300 * 32;
        bytes memory rows = new bytes(length);
        bytes4 selector = length % 32 == 0 && length >= 32 && length <= 200 * 32
            ? IPayoutVault.PayoutVaultInvalidProof.selector
            : IPayoutVault.PayoutVaultInvalidRows.selector;
        bytes32[] memory proof = _proof(batch, 0);
        vm.expectRevert(
            abi.encodeWithSelector(selector, selector == IPayoutVault.PayoutVaultInvalidProof.selector ? 0 : length)
        );
        vault.execute(0, rows, proof);
    }

    function test_takesTwoHundredRowsAndNotOneMore() external {
        Batch memory full = _batch(_rows(1, 200), bytes32(uint256(200)));
        _fundAndOpen(full);
        _execute(full, 0);
        vm.assertEq(token.moveCount(full.vault), 200, "paid");

        Batch memory fuller = _batch(_rows(1, 201), bytes32(uint256(201)));
        PayoutVault second = _fundAndOpen(fuller);
        vm.expectRevert(abi.encodeWithSelector(IPayoutVault.PayoutVaultInvalidRows.selector, 201 * 32));
        second.execute(0, fuller.chunks[0], new bytes32[](0));
    }

    function test_paysARecipientOncePerRow() external {
        Row[][] memory rows = _rows(1, 3);
        rows[0][1] = rows[0][0];
        rows[0][2].recipient = rows[0][0].recipient;
        Batch memory duplicated = _batch(rows, bytes32(uint256(2)));
        _fundAndOpen(duplicated);
        _execute(duplicated, 0);
        vm.assertEq(_deliveries(duplicated, rows[0][0]), 2, "two equal rows");
        vm.assertEq(_deliveries(duplicated, rows[0][2]), 1, "and one of another amount");
    }

    function execute(uint256 index, uint256 rowsOf) external {
        vault.execute(index, batch.chunks[rowsOf], _proof(batch, index));
    }
}
