// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPayoutVault} from "../src/IPayoutVault.sol";
import {PayoutLimits} from "../src/PayoutLimits.sol";
import {PayoutVault} from "../src/PayoutVault.sol";
import {BatchTest} from "./kit/BatchTest.sol";
import {HostileToken} from "./kit/HostileToken.sol";

/// @dev Whoever executes chooses the gas. It must decide nothing but whether the chunk is executed.
contract PayoutVaultGasTest is BatchTest {
    uint256 internal constant ROWS = 5;
    /// @dev So much that the 64th of it is more than the vault's reserve.
    uint32 internal constant HUNGRY_GAS = 1_000_000;

    Batch internal batch;
    PayoutVault internal vault;

    function setUp() external {
        _setUpContracts();
        batch = _batch(_rows(2, ROWS));
        vault = _fundAndOpen(batch);
    }

    /// @dev A recipient that needs all of its row's gas is paid or the call reverts, whatever the gas limit.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_noGasLimitTurnsAPayableRowIntoAnOwedOne(uint256 gasLimit, uint8 row) external {
        Batch memory second = _hungriestBatch(row % ROWS);
        (bool success, bytes memory reason) =
            second.vault.call{gas: gasLimit % (3 * HUNGRY_GAS)}(_executeCall(second, 0));
        vm.assertEq(token.moveCount(second.vault), success ? ROWS : 0, "all or nothing");
        vm.assertEq(PayoutVault(second.vault).owedRows(0), 0, "nothing owed");
        bool explained = reason.length == 0 || bytes4(reason) == IPayoutVault.PayoutVaultInsufficientGas.selector;
        vm.assertTrue(success || explained, "there was too little gas");
    }

    /// @dev Walks over the limits at which the last row can just be paid: there the 64th kept back matters.
    function test_noGasLimitNearTheEdgeStarvesARow() external {
        Batch memory second = _hungriestBatch(ROWS - 1);
        bytes memory call = _executeCall(second, 0);
        (uint256 tooLittle, uint256 enough) = (HUNGRY_GAS, 2 * HUNGRY_GAS);
        while (enough - tooLittle > 1) {
            uint256 middle = (enough + tooLittle) / 2;
            if (_succeedsAndOwesNothing(second.vault, call, middle)) enough = middle;
            else tooLittle = middle;
        }
        // 64ths of HUNGRY_GAS to either side.
        for (uint256 gasLimit = enough - 20_000; gasLimit < enough + 20_000; gasLimit += 97) {
            bool success = _succeedsAndOwesNothing(second.vault, call, gasLimit);
            vm.assertTrue(success == (gasLimit >= enough), "one edge");
        }
    }

    function _succeedsAndOwesNothing(address vault_, bytes memory call, uint256 gasLimit)
        private
        returns (bool success)
    {
        uint256 before = vm.snapshotState();
        (success,) = vault_.call{gas: gasLimit}(call);
        vm.assertEq(PayoutVault(vault_).owedRows(0), 0, "nothing owed");
        vm.revertToState(before);
    }

    function testFuzz_noGasLimitLosesARowInARetry(uint256 gasLimit) external {
        for (uint256 j = 0; j < ROWS; ++j) token.setMode(_row(0, j).recipient, HostileToken.Mode.Revert);
        _execute(batch, 0);
        for (uint256 j = 0; j < ROWS; ++j) token.setMode(_row(0, j).recipient, HostileToken.Mode.Honest);
        bytes memory call =
            abi.encodeCall(PayoutVault.retry, (0, batch.chunks[0], _proof(batch, 0), type(uint256).max));
        (bool success,) = batch.vault.call{gas: gasLimit % 600_000}(call);
        vm.assertEq(token.moveCount(batch.vault), success ? ROWS : 0, "all or nothing");
        vm.assertEq(vault.owedRowCount(), success ? 0 : ROWS, "owed until paid");
    }

    /// @dev Neither less nor more: the call to the token starts with gasPerPayout, less what its dispatch has used.
    function testFuzz_eachRowGetsExactlyItsGas(uint256 gasLimit) external {
        MeteringToken metering = new MeteringToken();
        vm.etch(address(token), address(metering).code);
        (bool success,) = batch.vault.call{gas: gasLimit % TRANSACTION_GAS}(_executeCall(batch, 0));
        uint256 seen = MeteringToken(address(token)).gasSeen();
        vm.assertLe(seen, success ? GAS_PER_PAYOUT : 0, "not more");
        vm.assertGe(seen, success ? GAS_PER_PAYOUT - 500 : 0, "not less");
    }

    /// @dev The figures that gas limits are computed from: everybody misbehaves, everything is cold, the proof is longest.
    function testFuzz_theComputedLimitIsAlwaysEnough(uint32 gasPerPayout, uint256 rowCount, uint8 mode) external {
        gasPerPayout = uint32(30_000 + (gasPerPayout % 200_000));
        rowCount = 1 + (rowCount % 60);
        Row[][] memory rows = _rows(1, rowCount);
        for (uint256 j = 0; j < rowCount; ++j) token.setMode(rows[0][j].recipient, _hostileMode(mode, j));
        bytes32[] memory proof = new bytes32[](24);
        Batch memory second = _deepBatch(rows[0], gasPerPayout, proof);
        PayoutVault other = _fundAndOpen(second);

        _cool(address(other));
        uint256 limit = _limit(rowCount, 0, gasPerPayout);
        (bool success, bytes memory reason) =
            address(other).call{gas: limit}(abi.encodeCall(PayoutVault.execute, (0, second.chunks[0], proof)));
        vm.assertTrue(success, string(reason));

        if (other.owedRows(0) & 1 == 0) return;
        _cool(address(other));
        limit = _limit(1, rowCount - 1, gasPerPayout);
        (success, reason) =
            address(other).call{gas: limit}(abi.encodeCall(PayoutVault.retry, (0, second.chunks[0], proof, 1)));
        vm.assertTrue(success, string(reason));
    }

    /// @dev A long answer costs the token's share, never the vault's.
    function test_bombsInAnswersCostNothingBeyondTheirRow() external {
        uint256 rowCount = 40;
        Row[][] memory rows = _rows(1, rowCount);
        for (uint256 j = 0; j < rowCount; ++j) token.setMode(rows[0][j].recipient, HostileToken.Mode.RevertBomb);
        // From shares that a bomb exceeds to shares that it nearly fills.
        for (uint32 gasPerPayout = 30_000; gasPerPayout < 45_000; gasPerPayout += 1_000) {
            Batch memory second = _batch(rows, bytes32(uint256(gasPerPayout)));
            second.params.gasPerPayout = gasPerPayout;
            _fundAndOpen(second);
            uint256 limit = _limit(rowCount, 0, gasPerPayout);
            (bool success,) = second.vault.call{gas: limit}(_executeCall(second, 0));
            vm.assertTrue(success, "the computed limit is enough");
        }
    }

    function _cool(address vault_) private {
        vm.cool(vault_);
        vm.cool(address(token));
        vm.cool(factory.implementation());
    }

    function _limit(uint256 tried, uint256 skipped, uint256 gasPerPayout) private pure returns (uint256) {
        uint256 gas_ = PayoutLimits.CHUNK_OVERHEAD_GAS + tried * (gasPerPayout + PayoutLimits.ROW_OVERHEAD_GAS)
            + skipped * PayoutLimits.SKIPPED_ROW_GAS + gasPerPayout / 63;
        return (gas_ * 64) / 63;
    }

    /// @dev One chunk whose row `row` needs every unit of its gas: with a little less it could not be delivered.
    function _hungriestBatch(uint256 row) private returns (Batch memory second) {
        GasMeter meter = new GasMeter();
        second = _meteredBatch(row, address(meter));
        (uint256 enough, uint256 tooMuch) = (0, HUNGRY_GAS);
        while (tooMuch - enough > 200) {
            uint256 middle = (enough + tooMuch) / 2;
            meter.spend(middle);
            uint256 before = vm.snapshotState();
            _execute(second, 0);
            bool delivered = PayoutVault(second.vault).owedRows(0) == 0;
            vm.revertToState(before);
            if (delivered) enough = middle;
            else tooMuch = middle;
        }
        vm.assertGe(enough, HUNGRY_GAS / 2, "a hungry recipient");
        meter.spend(enough);
    }

    /// @dev One chunk whose row `row` goes to `recipient`, which is called by the token.
    function _meteredBatch(uint256 row, address recipient) private returns (Batch memory second) {
        Row[][] memory rows = _rows(1, ROWS);
        rows[0][row].recipient = recipient;
        token.setMode(recipient, HostileToken.Mode.CallHook);
        second = _batch(rows, bytes32(uint256(1)));
        second.params.gasPerPayout = HUNGRY_GAS;
        _fundAndOpen(second);
    }

    /// @dev Chunk 0 of 2^24 chunks, the others made up: the longest proof there is.
    function _deepBatch(Row[] memory rows, uint32 gasPerPayout, bytes32[] memory proof)
        private
        view
        returns (Batch memory second)
    {
        Row[][] memory chunks = new Row[][](1);
        chunks[0] = rows;
        second = _batch(chunks, bytes32(uint256(1)));
        bytes32 root = second.leaves[0];
        for (uint256 level = 0; level < proof.length; ++level) {
            proof[level] = keccak256(abi.encode("sibling", level));
            root = keccak256(bytes.concat(hex"01", root, proof[level]));
        }
        second.params.root = root;
        second.params.chunkCount = uint32(1 << proof.length);
        second.params.gasPerPayout = gasPerPayout;
    }

    function _hostileMode(uint8 mode, uint256 row) private pure returns (HostileToken.Mode) {
        uint256 chosen = mode % 12 == 11 ? row % 11 : mode % 12;
        return HostileToken.Mode(chosen == 3 ? 10 : chosen);
    }
}

/// @dev A recipient that uses as much gas as it was told to.
contract GasMeter {
    uint256 internal toSpend;

    function spend(uint256 amount) external {
        toSpend = amount;
    }

    function tokensReceived(address, uint256) external view {
        uint256 start = gasleft();
        uint256 amount = toSpend;
        while (start - gasleft() < amount) {}
    }
}

/// @dev A token that only notes how much gas its transfer was given.
contract MeteringToken {
    uint256 internal constant SLOT = uint256(keccak256("gas seen"));

    fallback(bytes calldata) external returns (bytes memory) {
        uint256 gas_ = gasleft();
        if (msg.sig == bytes4(keccak256("balanceOf(address)"))) return abi.encode(type(uint128).max);
        uint256 slot = SLOT;
        if (msg.sig == this.gasSeen.selector) {
            assembly {
                mstore(0x00, sload(slot))
                return(0x00, 0x20)
            }
        }
        assembly {
            sstore(slot, gas_)
        }
        return abi.encode(true);
    }

    function gasSeen() external view returns (uint256 seen) {
        uint256 slot = SLOT;
        assembly {
            seen := sload(slot)
        }
    }
}
