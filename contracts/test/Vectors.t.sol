// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {OpenParams} from "../src/IPayoutVaultFactory.sol";
import {MerkleChunks} from "../src/MerkleChunks.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";
import {HostileToken} from "./kit/HostileToken.sol";

/// @dev Batches that the TypeScript codec built, with addresses of their own: the contracts must read them to the byte.
contract VectorsTest is BatchTest {
    struct Vector {
        uint256 chainId;
        address factory;
        address payer;
        bytes32 batchId;
        address token;
        address implementation;
        address vault;
        uint256 total;
        bytes32 root;
        bytes[] chunks;
        bytes32[] leaves;
        bytes32[][] proofs;
    }

    string internal json;
    string[] internal names;

    function setUp() external {
        _setUpContracts();
        json = vm.readFile("test/vectors/chunks.json");
        names = vm.parseJsonStringArray(json, ".cases");
        vm.assertGe(names.length, 8, "cases");
    }

    function test_leavesProofsAndRootsOfTheCodecVerify() external {
        for (uint256 n = 0; n < names.length; ++n) {
            Vector memory v = _vector(names[n]);
            vm.chainId(v.chainId);
            for (uint256 i = 0; i < v.chunks.length; ++i) {
                bytes32 leaf = MerkleChunks.leaf(
                    v.factory, v.payer, v.batchId, v.token, i, v.chunks[i].length / 32, keccak256(v.chunks[i])
                );
                vm.assertEq(leaf, v.leaves[i], names[n]);
                vm.assertTrue(this.verify(v.proofs[i], v.root, leaf, i, v.chunks.length), names[n]);
            }
        }
    }

    function test_vaultAddressesOfTheCodecAreTheFactorys() external view {
        for (uint256 n = 0; n < names.length; ++n) {
            Vector memory v = _vector(names[n]);
            bytes32 salt = keccak256(abi.encode(v.payer, v.batchId));
            address vault = Clones.predictDeterministicAddressWithImmutableArgs(
                v.implementation, abi.encodePacked(v.payer, v.batchId), salt, v.factory
            );
            vm.assertEq(vault, v.vault, names[n]);
        }
    }

    function test_vaultsPayTheChunksOfTheCodec() external {
        for (uint256 n = 0; n < names.length; ++n) {
            Vector memory v = _vector(names[n]);
            vm.chainId(v.chainId);
            PayoutVault vault = _place(v);
            uint256 rowCount;
            for (uint256 i = 0; i < v.chunks.length; ++i) {
                vault.execute(i, v.chunks[i], v.proofs[i]);
                vm.assertEq(vault.owedRows(i), 0, names[n]);
                rowCount += v.chunks[i].length / 32;
            }
            vm.assertEq(HostileToken(v.token).moveCount(v.vault), rowCount, names[n]);
            vm.assertEq(vault.remaining(), 0, names[n]);
        }
    }

    function verify(bytes32[] calldata proof, bytes32 root, bytes32 leaf, uint256 index, uint256 count)
        external
        pure
        returns (bool)
    {
        return MerkleChunks.verify(proof, root, leaf, index, count);
    }

    /// @dev Puts token, implementation and vault where the vector has them, as if its factory had opened the batch.
    function _place(Vector memory v) private returns (PayoutVault vault) {
        vm.etch(v.token, address(token).code);
        HostileToken(v.token).mint(v.vault, v.total);
        vm.startPrank(v.factory);
        vm.etch(v.implementation, address(new PayoutVault()).code);
        vm.etch(
            v.vault,
            abi.encodePacked(
                hex"363d3d373d3d3d363d73", v.implementation, hex"5af43d82803e903d91602b57fd5bf3", v.payer, v.batchId
            )
        );
        vault = PayoutVault(v.vault);
        vault.initialize(
            OpenParams({
                batchId: v.batchId,
                token: v.token,
                total: v.total,
                root: v.root,
                chunkCount: uint32(v.chunks.length),
                gasPerPayout: GAS_PER_PAYOUT,
                openBy: OPEN_BY,
                closeAfter: CLOSE_AFTER
            })
        );
        vm.stopPrank();
    }

    function _vector(string memory name) private view returns (Vector memory v) {
        string memory path = string.concat(".", name, ".");
        v.chainId = vm.parseJsonUint(json, string.concat(path, "chainId"));
        v.factory = vm.parseJsonAddress(json, string.concat(path, "factory"));
        v.payer = vm.parseJsonAddress(json, string.concat(path, "payer"));
        v.batchId = vm.parseJsonBytes32(json, string.concat(path, "batchId"));
        v.token = vm.parseJsonAddress(json, string.concat(path, "token"));
        v.implementation = vm.parseJsonAddress(json, string.concat(path, "implementation"));
        v.vault = vm.parseJsonAddress(json, string.concat(path, "vault"));
        v.total = vm.parseJsonUint(json, string.concat(path, "total"));
        v.root = vm.parseJsonBytes32(json, string.concat(path, "root"));
        v.chunks = vm.parseJsonBytesArray(json, string.concat(path, "chunks"));
        v.leaves = vm.parseJsonBytes32Array(json, string.concat(path, "leaves"));
        v.proofs = new bytes32[][](v.chunks.length);
        for (uint256 i = 0; i < v.proofs.length; ++i) {
            string memory key = string.concat(path, "proof", vm.toString(i));
            v.proofs[i] = vm.parseJsonBytes32Array(json, key);
        }
    }
}
