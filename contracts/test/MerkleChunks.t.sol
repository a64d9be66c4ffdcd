// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleChunks} from "../src/MerkleChunks.sol";
import {ReferenceTree} from "./kit/ReferenceTree.sol";
import {Vm} from "./kit/Vm.sol";

contract MerkleChunksTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant MAX_LEAVES = 70;

    function verify(bytes32[] calldata proof, bytes32 root, bytes32 leaf, uint256 index, uint256 count)
        external
        pure
        returns (bool)
    {
        return MerkleChunks.verify(proof, root, leaf, index, count);
    }

    function test_everyLeafOfEveryShapeVerifiesAtItsIndexAndNowhereElse() external view {
        for (uint256 count = 1; count <= 20; ++count) {
            bytes32[] memory leaves = _leaves(count, 0);
            bytes32 root = ReferenceTree.root(leaves);
            for (uint256 i = 0; i < count; ++i) {
                bytes32[] memory proof = ReferenceTree.proof(leaves, i);
                for (uint256 index = 0; index < count + 2; ++index) {
                    bool verified = this.verify(proof, root, leaves[i], index, count);
                    vm.assertTrue(verified == (index == i), "a leaf verifies at its own index only");
                }
            }
        }
    }

    function testFuzz_proofOfTheWrongLengthFails(uint256 count, uint256 index, bytes32 extra) external view {
        count = 1 + (count % MAX_LEAVES);
        index %= count;
        bytes32[] memory leaves = _leaves(count, 1);
        bytes32 root = ReferenceTree.root(leaves);
        bytes32[] memory proof = ReferenceTree.proof(leaves, index);
        vm.assertTrue(this.verify(proof, root, leaves[index], index, count), "the right proof verifies");

        bytes32[] memory longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        longer[proof.length] = extra;
        vm.assertFalse(this.verify(longer, root, leaves[index], index, count), "one element too many");

        if (proof.length == 0) return;
        bytes32[] memory shorter = new bytes32[](proof.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) shorter[i] = proof[i];
        vm.assertFalse(this.verify(shorter, root, leaves[index], index, count), "one element too few");
    }

    function testFuzz_anyChangedElementFails(uint256 count, uint256 index, uint256 element, bytes32 other) external view {
        count = 2 + (count % MAX_LEAVES);
        index %= count;
        bytes32[] memory leaves = _leaves(count, 2);
        bytes32 root = ReferenceTree.root(leaves);
        bytes32[] memory proof = ReferenceTree.proof(leaves, index);
        element %= proof.length;
        vm.assume(proof[element] != other);
        proof[element] = other;
        vm.assertFalse(this.verify(proof, root, leaves[index], index, count), "a changed proof");
    }

    function test_innerNodeDoesNotVerifyInASmallerTree() external view {
        bytes32[] memory leaves = _leaves(4, 3);
        bytes32 root = ReferenceTree.root(leaves);
        bytes32 left = MerkleChunks.node(leaves[0], leaves[1]);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = MerkleChunks.node(leaves[2], leaves[3]);
        // The count is the batch's, not the caller's; with that of four leaves an inner node has no place.
        for (uint256 index = 0; index < 5; ++index) vm.assertFalse(this.verify(proof, root, left, index, 4), "an inner node");
    }

    function test_orderOfSiblingsMatters() external pure {
        bytes32 a = keccak256("a");
        bytes32 b = keccak256("b");
        vm.assertTrue(MerkleChunks.node(a, b) != MerkleChunks.node(b, a), "never sorted by value");
    }

    function testFuzz_noTwoPositionsOrRowsShareALeaf(uint256 index, uint256 other, uint256 rowCount, bytes32 rowsHash)
        external
        view
    {
        vm.assume(index != other);
        bytes32 leaf = _leafAt(index, rowCount, rowsHash);
        vm.assertTrue(leaf != _leafAt(other, rowCount, rowsHash), "index");
        unchecked {
            vm.assertTrue(leaf != _leafAt(index, rowCount + 1, rowsHash), "row count");
        }
        vm.assertTrue(leaf != _leafAt(index, rowCount, ~rowsHash), "rows");
    }

    /// @dev The first byte of what is hashed is what keeps leaves and nodes apart.
    function test_leavesAndNodesHaveTheirOwnDomain() external view {
        bytes32 chunkHash = keccak256(
            abi.encode(
                MerkleChunks.CHUNK_TYPEHASH, block.chainid, address(1), address(2), bytes32("b"), address(3), 4, 5, bytes32("h")
            )
        );
        bytes32 leaf = MerkleChunks.leaf(address(1), address(2), bytes32("b"), address(3), 4, 5, bytes32("h"));
        vm.assertEq(leaf, keccak256(bytes.concat(hex"00", chunkHash)), "leaf");
        bytes32 node = MerkleChunks.node(bytes32("l"), bytes32("r"));
        vm.assertEq(node, keccak256(bytes.concat(hex"01", bytes32("l"), bytes32("r"))), "node");
    }

    function _leafAt(uint256 index, uint256 rowCount, bytes32 rowsHash) private view returns (bytes32) {
        return MerkleChunks.leaf(address(1), address(2), bytes32("batch"), address(3), index, rowCount, rowsHash);
    }

    function _leaves(uint256 count, uint256 salt) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) leaves[i] = keccak256(abi.encode(salt, i));
    }
}
