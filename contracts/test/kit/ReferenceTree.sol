// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @dev The tree over chunks, written a second time and another way: by recursion, splitting at the largest power of two
 * below the count (RFC 9162, 2.1.1), where the contract climbs level by level.
 */
library ReferenceTree {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        return _root(leaves, 0, leaves.length);
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory) {
        return _proof(leaves, 0, leaves.length, index);
    }

    function _root(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + _split(to - from);
        return keccak256(bytes.concat(hex"01", _root(leaves, from, middle), _root(leaves, middle, to)));
    }

    function _proof(bytes32[] memory leaves, uint256 from, uint256 to, uint256 index)
        private
        pure
        returns (bytes32[] memory)
    {
        if (to - from == 1) return new bytes32[](0);
        uint256 middle = from + _split(to - from);
        return index < middle
            ? _append(_proof(leaves, from, middle, index), _root(leaves, middle, to))
            : _append(_proof(leaves, middle, to, index), _root(leaves, from, middle));
    }

    function _split(uint256 count) private pure returns (uint256 power) {
        power = 1;
        while (power * 2 < count) power *= 2;
    }

    function _append(bytes32[] memory list, bytes32 element) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) longer[i] = list[i];
        longer[list.length] = element;
    }
}
