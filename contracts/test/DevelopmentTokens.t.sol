// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DevelopmentChain} from "../src/dev/DevelopmentChain.sol";
import {DevelopmentToken18} from "../src/dev/DevelopmentToken18.sol";
import {DevelopmentUSDC} from "../src/dev/DevelopmentUSDC.sol";
import {Vm} from "./kit/Vm.sol";

contract DevelopmentTokensTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant OWNER_KEY = 0xA11CE;

    DevelopmentUSDC internal usdc;
    DevelopmentToken18 internal dollar;
    address internal owner;

    function setUp() external {
        usdc = new DevelopmentUSDC();
        dollar = new DevelopmentToken18();
        owner = vm.addr(OWNER_KEY);
        usdc.mint(owner, 100e6);
    }

    function test_decimalsAndMinting() external {
        vm.assertEq(usdc.decimals(), 6, "six");
        vm.assertEq(dollar.decimals(), 18, "eighteen");
        dollar.mint(owner, 5e18);
        vm.assertEq(dollar.balanceOf(owner), 5e18, "minted");
        vm.assertEq(usdc.balanceOf(owner), 100e6, "minted");
    }

    function test_blocklistRefusesBothWaysUntilLifted() external {
        usdc.setBlocked(address(1), true);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(DevelopmentUSDC.DevelopmentUSDCBlocked.selector, address(1)));
        usdc.transfer(address(1), 1);
        usdc.setBlocked(owner, true);
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(DevelopmentUSDC.DevelopmentUSDCBlocked.selector, owner));
        usdc.transfer(address(2), 1);
        usdc.setBlocked(owner, false);
        usdc.setBlocked(address(1), false);
        vm.prank(owner);
        usdc.transfer(address(1), 1);
        vm.assertEq(usdc.balanceOf(address(1)), 1, "arrived");
    }

    function test_doesNothingSpecialOnAnyOtherChain() external {
        vm.chainId(1);
        bytes memory reason = abi.encodeWithSelector(DevelopmentChain.DevelopmentChainOnly.selector, 1);
        vm.expectRevert(reason);
        usdc.mint(owner, 1);
        vm.expectRevert(reason);
        usdc.setBlocked(owner, true);
        vm.expectRevert(reason);
        dollar.mint(owner, 1);
    }

    function test_permit() external {
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, owner, address(this), 7, 0, type(uint256).max));
        (uint8 v, bytes32 r, bytes32 s) = _sign(structHash);
        usdc.permit(owner, address(this), 7, type(uint256).max, v, r, s);
        usdc.transferFrom(owner, address(3), 7);
        vm.assertEq(usdc.balanceOf(address(3)), 7, "moved");
    }

    function test_transferWithAuthorizationWorksOnce() external {
        (uint8 v, bytes32 r, bytes32 s) = _sign(_authorization("TransferWithAuthorization", address(4)));
        usdc.transferWithAuthorization(owner, address(4), 9, 0, type(uint256).max, bytes32("n"), v, r, s);
        vm.assertEq(usdc.balanceOf(address(4)), 9, "moved");
        vm.expectRevert();
        usdc.transferWithAuthorization(owner, address(4), 9, 0, type(uint256).max, bytes32("n"), v, r, s);
    }

    function test_receiveWithAuthorizationIsForThePayeeAlone() external {
        (uint8 v, bytes32 r, bytes32 s) = _sign(_authorization("ReceiveWithAuthorization", address(4)));
        vm.expectRevert();
        usdc.receiveWithAuthorization(owner, address(4), 9, 0, type(uint256).max, bytes32("n"), v, r, s);
        vm.prank(address(4));
        usdc.receiveWithAuthorization(owner, address(4), 9, 0, type(uint256).max, bytes32("n"), v, r, s);
        vm.assertEq(usdc.balanceOf(address(4)), 9, "moved");
    }

    function test_aCancelledAuthorizationIsWorthNothing() external {
        bytes32 typeHash = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
        (uint8 v, bytes32 r, bytes32 s) = _sign(keccak256(abi.encode(typeHash, owner, bytes32("n"))));
        usdc.cancelAuthorization(owner, bytes32("n"), v, r, s);
        vm.assertTrue(usdc.authorizationState(owner, bytes32("n")), "used");
        (v, r, s) = _sign(_authorization("TransferWithAuthorization", address(4)));
        vm.expectRevert();
        usdc.transferWithAuthorization(owner, address(4), 9, 0, type(uint256).max, bytes32("n"), v, r, s);
    }

    function _authorization(string memory kind, address to) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            bytes.concat(
                bytes(kind),
                "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
            )
        );
        return keccak256(abi.encode(typeHash, owner, to, 9, 0, type(uint256).max, bytes32("n")));
    }

    function _sign(bytes32 structHash) private view returns (uint8 v, bytes32 r, bytes32 s) {
        return vm.sign(OWNER_KEY, keccak256(bytes.concat(hex"1901", usdc.DOMAIN_SEPARATOR(), structHash)));
    }
}
