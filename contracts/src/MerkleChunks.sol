// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @dev The Merkle tree over a batch's chunks.
 *
 * Leaves and inner nodes are hashed under different first bytes, so that an inner node never passes for a chunk. A leaf
 * names its chain, factory, payer, batch, token, index and row count, so that rows prove themselves for one chunk of one
 * batch alone. Nodes are ordered by chunk index, never by value, and the shape of the tree follows from the number of
 * chunks: level by level, pairs (2i, 2i + 1); an odd last node is promoted unchanged and takes no element of a proof.
 */
library MerkleChunks {
    bytes32 internal constant CHUNK_TYPEHASH = keccak256(
        "PayoutChunk(uint256 chainId,address factory,address payer,bytes32 batchId,address token,uint256 chunkIndex,uint256 rowCount,bytes32 rowsHash)"
    );

    /// @dev The leaf of a chunk on this chain.
    function leaf(
        address factory,
        address payer,
        bytes32 batchId,
        address token,
        uint256 chunkIndex,
        uint256 rowCount,
        bytes32 rowsHash
    ) internal view returns (bytes32) {
        bytes32 chunkHash = keccak256(
            abi.encode(
                CHUNK_TYPEHASH, block.chainid, factory, payer, batchId, token, chunkIndex, rowCount, rowsHash
            )
        );
        return keccak256(abi.encodePacked(bytes1(0x00), chunkHash));
    }

    /// @dev The parent of two nodes.
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x01), left, right));
    }

    /**
     * @dev Whether `chunkLeaf` is leaf `index` of the tree of `count` leaves under `root`. The proof must have exactly as
     * many elements as the position asks for.
     */
    function verify(bytes32[] calldata proof, bytes32 root, bytes32 chunkLeaf, uint256 index, uint256 count)
        internal
        pure
        returns (bool)
    {
        if (index >= count) return false;
        bytes32 hash = chunkLeaf;
        uint256 used;
        while (count > 1) {
            bool promoted = index == count - 1 && count & 1 == 1;
            if (!promoted) {
                if (used == proof.length) return false;
                bytes32 sibling = proof[used++];
                hash = index & 1 == 0 ? node(hash, sibling) : node(sibling, hash);
            }
            index >>= 1;
            count = (count + 1) >> 1;
        }
        return used == proof.length && hash == root;
    }
}
