// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OpenParams} from "../../src/IPayoutVaultFactory.sol";
import {PayoutVault} from "../../src/PayoutVault.sol";
import {PayoutVaultFactory} from "../../src/PayoutVaultFactory.sol";
import {HostileToken} from "./HostileToken.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {Vm} from "./Vm.sol";

/// @dev A factory, a token, and batches built without any of the code under test.
abstract contract BatchTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant TRANSACTION_GAS = 16_777_216;
    uint32 internal constant GAS_PER_PAYOUT = 100_000;
    uint64 internal constant OPEN_BY = 1_800_000_000;
    uint64 internal constant CLOSE_AFTER = OPEN_BY + 7 days;
    address internal constant PAYER = address(0xFA1E5);
    address internal constant ANYONE = address(0xA11);
    bytes32 internal constant BATCH_ID = bytes32(uint256(0xBA7C4));

    PayoutVaultFactory internal factory;
    HostileToken internal token;

    struct Row {
        address recipient;
        uint96 amount;
    }

    struct Batch {
        OpenParams params;
        address vault;
        bytes[] chunks;
        bytes32[] leaves;
    }

    function _setUpContracts() internal {
        vm.warp(OPEN_BY - 1 days);
        factory = new PayoutVaultFactory();
        token = new HostileToken();
    }

    /// @dev Row `row` of chunk `chunk`: a recipient and an amount of its own.
    function _row(uint256 chunk, uint256 row) internal pure returns (Row memory) {
        return Row(address(uint160(0x1000000 + chunk * 1000 + row)), uint96(1_000_000 + chunk * 1000 + row));
    }

    /// @dev Chunks of `rowCounts` rows each.
    function _rows(uint256[] memory rowCounts) internal pure returns (Row[][] memory chunks) {
        chunks = new Row[][](rowCounts.length);
        for (uint256 i = 0; i < chunks.length; ++i) {
            chunks[i] = new Row[](rowCounts[i]);
            for (uint256 j = 0; j < rowCounts[i]; ++j) chunks[i][j] = _row(i, j);
        }
    }

    /// @dev `chunkCount` chunks of `rowCount` rows each.
    function _rows(uint256 chunkCount, uint256 rowCount) internal pure returns (Row[][] memory) {
        uint256[] memory rowCounts = new uint256[](chunkCount);
        for (uint256 i = 0; i < chunkCount; ++i) rowCounts[i] = rowCount;
        return _rows(rowCounts);
    }

    function _batch(Row[][] memory rows) internal view returns (Batch memory) {
        return _batch(rows, BATCH_ID);
    }

    function _batch(Row[][] memory rows, bytes32 batchId) internal view returns (Batch memory batch) {
        batch.chunks = new bytes[](rows.length);
        batch.leaves = new bytes32[](rows.length);
        batch.vault = factory.vaultOf(PAYER, batchId);
        uint256 total;
        for (uint256 i = 0; i < rows.length; ++i) {
            batch.chunks[i] = _pack(rows[i]);
            batch.leaves[i] = _leaf(batchId, i, batch.chunks[i]);
            for (uint256 j = 0; j < rows[i].length; ++j) total += rows[i][j].amount;
        }
        batch.params = OpenParams({
            batchId: batchId,
            token: address(token),
            total: total,
            root: ReferenceTree.root(batch.leaves),
            chunkCount: uint32(rows.length),
            gasPerPayout: GAS_PER_PAYOUT,
            openBy: OPEN_BY,
            closeAfter: CLOSE_AFTER
        });
    }

    function _pack(Row[] memory rows) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < rows.length; ++i) packed = abi.encodePacked(packed, rows[i].recipient, rows[i].amount);
    }

    function _leaf(bytes32 batchId, uint256 index, bytes memory rows) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "PayoutChunk(uint256 chainId,address factory,address payer,bytes32 batchId,address token,uint256 chunkIndex,uint256 rowCount,bytes32 rowsHash)"
        );
        bytes memory fields = abi.encode(
            typeHash,
            block.chainid,
            address(factory),
            PAYER,
            batchId,
            address(token),
            index,
            rows.length / 32,
            keccak256(rows)
        );
        return keccak256(bytes.concat(hex"00", keccak256(fields)));
    }

    function _fundAndOpen(Batch memory batch) internal returns (PayoutVault) {
        token.mint(batch.vault, batch.params.total);
        vm.prank(PAYER);
        return PayoutVault(factory.open(batch.params));
    }

    function _proof(Batch memory batch, uint256 index) internal pure returns (bytes32[] memory) {
        return ReferenceTree.proof(batch.leaves, index);
    }

    function _execute(Batch memory batch, uint256 index) internal {
        vm.prank(ANYONE);
        PayoutVault(batch.vault).execute(index, batch.chunks[index], _proof(batch, index));
    }

    function _retry(Batch memory batch, uint256 index, uint256 rowMask) internal {
        vm.prank(ANYONE);
        PayoutVault(batch.vault).retry(index, batch.chunks[index], _proof(batch, index), rowMask);
    }

    function _executeCall(Batch memory batch, uint256 index) internal pure returns (bytes memory) {
        return abi.encodeCall(PayoutVault.execute, (index, batch.chunks[index], _proof(batch, index)));
    }

    /// @dev How often `row` was really paid.
    function _deliveries(Batch memory batch, Row memory row) internal view returns (uint256) {
        return token.moves(batch.vault, row.recipient, row.amount);
    }
}
