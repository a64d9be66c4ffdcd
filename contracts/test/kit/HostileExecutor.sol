// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PayoutVault} from "../../src/PayoutVault.sol";
import {BatchTest} from "./BatchTest.sol";
import {HostileToken} from "./HostileToken.sol";
import {Reentrant} from "./Reentrant.sol";

/**
 * @dev Everything that anyone can do to vaults of a payer, at random. Each function either does something or is discarded,
 * and says on the spot what must have come of it. After a batch is closed the next one is opened.
 */
contract HostileExecutor is BatchTest {
    uint256 public constant CHUNKS = 5;
    uint256 public constant ROWS = 4;
    uint256 internal constant ALL_ROWS = (1 << ROWS) - 1;
    /// @dev Enough for what the attacker does in its callback, so that nothing fails for want of gas.
    uint32 internal constant AMPLE_GAS = 600_000;

    struct ClosedVault {
        address vault;
        uint256 moveCount;
    }

    Batch internal batch;
    PayoutVault public vault;
    Reentrant public attacker;
    ClosedVault[] internal closedVaults;
    uint256 internal batchNumber;
    uint256 internal donated;
    bool internal attackIsOnVault;
    bool internal attackBubbles;

    constructor() {
        _setUpContracts();
        attacker = new Reentrant();
        _openNext();
    }

    function execute(uint256 chunk, uint256 gasLimit, bool inLock) external {
        chunk = _firstFrom(chunk, _isOpenChunk);
        uint256 expected = inLock ? ALL_ROWS : _undeliverable(chunk);
        _call(_executeCall(batch, chunk), gasLimit, inLock);
        vm.assertEq(vault.owedRows(chunk), expected, "gas, order and context decide nothing");
    }

    function retry(uint256 chunk, uint256 rowMask, uint256 gasLimit, bool inLock) external {
        chunk = _firstFrom(chunk, _hasOwedRows);
        uint256 owed = vault.owedRows(chunk);
        uint256 expected = inLock ? owed : owed & (~rowMask | _undeliverable(chunk));
        bytes memory data = abi.encodeCall(PayoutVault.retry, (chunk, batch.chunks[chunk], _proof(batch, chunk), rowMask));
        _call(data, gasLimit, inLock);
        vm.assertEq(vault.owedRows(chunk), expected, "a retry pays what can be paid");
    }

    function close(bool byPayer) external {
        uint256 balance = token.balanceOf(address(vault));
        uint256 payerBefore = token.balanceOf(PAYER);
        bool settled = vault.executedChunkCount() == CHUNKS && vault.owedRowCount() == 0;
        bool allowed = byPayer || settled || block.timestamp > vault.closeAfter();
        vm.prank(byPayer ? PAYER : ANYONE);
        (bool success,) = address(vault).call(abi.encodeCall(PayoutVault.close, ()));
        vm.assertTrue(success == (allowed && (!token.isPaused() || balance == 0)), "who may close, and when");
        vm.assume(success);
        vm.assertEq(token.balanceOf(PAYER) - payerBefore, balance, "the payer gets the whole balance");
        vm.assertEq(_paid() + balance, batch.params.total + donated, "paid and given back is what came in");
        closedVaults.push(ClosedVault(address(vault), token.moveCount(address(vault))));
        _openNext();
    }

    function attackWithAnotherChunk(uint256 claimed, uint256 proved, uint256 sent, bool innerNode) external {
        claimed %= CHUNKS + 1;
        proved %= CHUNKS;
        sent %= CHUNKS;
        vm.assume(innerNode || claimed != proved || proved != sent);
        bytes memory rows = innerNode ? bytes.concat(batch.leaves[sent], batch.leaves[proved]) : batch.chunks[sent];
        bytes memory data = abi.encodeCall(PayoutVault.execute, (claimed, rows, _proof(batch, proved)));
        (bool success,) = address(vault).call(data);
        vm.assertFalse(success, "not a chunk of this batch");
    }

    function attackAgain(uint256 chunk) external {
        chunk %= CHUNKS;
        vm.assume(vault.isExecuted(chunk));
        (bool success,) = address(vault).call(_executeCall(batch, chunk));
        vm.assertFalse(success, "executed once");
        uint256 notOwed = ~vault.owedRows(chunk);
        bytes memory data = abi.encodeCall(PayoutVault.retry, (chunk, batch.chunks[chunk], _proof(batch, chunk), notOwed));
        (success,) = address(vault).call(data);
        vm.assertFalse(success, "not owed");
    }

    function attackWithClosedVault(uint256 which, uint256 chunk) external {
        vm.assume(closedVaults.length != 0);
        address closed = closedVaults[which % closedVaults.length].vault;
        chunk %= CHUNKS;
        (bool success,) = closed.call(_executeCall(batch, chunk));
        vm.assertFalse(success, "closed for good");
        bytes memory data =
            abi.encodeCall(PayoutVault.retry, (chunk, batch.chunks[chunk], _proof(batch, chunk), type(uint256).max));
        (success,) = closed.call(data);
        vm.assertFalse(success, "closed for good");
        vm.prank(PAYER);
        (success,) = closed.call(abi.encodeCall(PayoutVault.close, ()));
        vm.assertFalse(success, "closed for good");
    }

    function openAgain(address caller) external {
        vm.prank(PAYER);
        (bool success,) = address(factory).call(abi.encodeCall(factory.open, (batch.params)));
        vm.assertFalse(success, "opened before");
        vm.assume(caller != PAYER);
        vm.prank(caller);
        (success,) = address(factory).call(abi.encodeCall(factory.open, (batch.params)));
        vm.assertFalse(success, "not funded by this caller");
    }

    /// @dev What the attacker will do the next time that it is paid.
    function armAttacker(uint256 kind, uint256 chunk, bool bubbles) external {
        kind %= 5;
        chunk %= CHUNKS;
        attackIsOnVault = kind < 3;
        attackBubbles = bubbles;
        bytes memory data;
        if (kind == 0) data = _executeCall(batch, chunk);
        if (kind == 1) {
            data = abi.encodeCall(
                PayoutVault.retry, (chunk, batch.chunks[chunk], _proof(batch, chunk), type(uint256).max)
            );
        }
        if (kind == 2) data = abi.encodeCall(PayoutVault.close, ());
        if (kind == 3) data = abi.encodeCall(factory.vaultOf, (PAYER, BATCH_ID));
        attacker.prepare(kind == 4 ? address(0) : kind == 3 ? address(factory) : address(vault), data, bubbles);
        token.setMode(address(attacker), HostileToken.Mode.CallHook);
    }

    function setMode(uint256 chunk, uint256 row, uint8 mode) external {
        token.setMode(rowOf(chunk % CHUNKS, row % ROWS).recipient, HostileToken.Mode(mode % 12));
    }

    function makeHonest(uint256 chunk) external {
        _makeHonest(chunk % CHUNKS);
    }

    function setPaused(bool paused) external {
        vm.assume(paused != token.isPaused());
        token.setPaused(paused);
    }

    function donate(uint32 amount) external {
        token.mint(address(vault), amount);
        donated += amount;
    }

    function passTime(uint256 seconds_) external {
        vm.warp(block.timestamp + (seconds_ % 3 days));
    }

    /// @dev Row `row` of chunk `chunk`, the same in every batch. One row of each chunk goes to the attacker.
    function rowOf(uint256 chunk, uint256 row) public view returns (Row memory result) {
        result = _row(chunk, row);
        if (row == 1) result.recipient = address(attacker);
        if (chunk == 3) result.recipient = _row(2, row).recipient;
    }

    /// @dev Behaves for once: everything that is owed or open can be paid, whatever happened before.
    function settle() external {
        token.setPaused(false);
        for (uint256 i = 0; i < CHUNKS; ++i) _makeHonest(i);
        for (uint256 i = 0; i < CHUNKS; ++i) {
            if (!vault.isExecuted(i)) _execute(batch, i);
            else if (vault.owedRows(i) != 0) _retry(batch, i, type(uint256).max);
        }
        vm.assertEq(vault.owedRowCount(), 0, "nothing is owed");
        vm.assertEq(vault.remaining(), 0, "everything is paid");
        vm.prank(ANYONE);
        vault.close();
        vm.assertEq(token.balanceOf(address(vault)), 0, "nothing stays");
    }

    /// @dev The open vault's word, against the token's ledger.
    function checkOpenVault() external view {
        (uint256 paid, uint256 owedCount, uint256 executedCount) = (0, 0, 0);
        for (uint256 i = 0; i < CHUNKS; ++i) {
            uint256 owed = vault.owedRows(i);
            bool executed = vault.isExecuted(i);
            if (executed) ++executedCount;
            for (uint256 j = 0; j < ROWS; ++j) {
                bool isOwed = (owed >> j) & 1 == 1;
                Row memory row = rowOf(i, j);
                uint256 deliveries = _deliveries(batch, row);
                vm.assertEq(deliveries, executed && !isOwed ? 1 : 0, "paid once, or owed, or not executed yet");
                vm.assertTrue(executed || !isOwed, "owed by executed chunks alone");
                paid += deliveries * row.amount;
                if (isOwed) ++owedCount;
            }
        }
        vm.assertEq(vault.executedChunkCount(), executedCount, "executed chunks");
        vm.assertEq(vault.owedRowCount(), owedCount, "owed rows");
        vm.assertEq(vault.remaining() + paid, batch.params.total, "paid and remaining are the total");
        vm.assertEq(token.balanceOf(address(vault)), vault.remaining() + donated, "it is there, with the donations");
    }

    /// @dev What {close} has found stays that way.
    function checkClosedVaults() external view {
        for (uint256 n = 0; n < closedVaults.length; ++n) {
            ClosedVault memory closed = closedVaults[n];
            vm.assertEq(token.moveCount(closed.vault), closed.moveCount, "nothing moves after closing");
            vm.assertEq(token.balanceOf(closed.vault), 0, "nothing stays");
        }
    }

    function _paid() private view returns (uint256 paid) {
        for (uint256 i = 0; i < CHUNKS * ROWS; ++i) {
            Row memory row = rowOf(i / ROWS, i % ROWS);
            paid += _deliveries(batch, row) * row.amount;
        }
    }

    function _openNext() private {
        Row[][] memory rows = _rows(CHUNKS, ROWS);
        for (uint256 i = 0; i < CHUNKS * ROWS; ++i) rows[i / ROWS][i % ROWS] = rowOf(i / ROWS, i % ROWS);
        Batch memory next = _batch(rows, bytes32(++batchNumber));
        next.params.gasPerPayout = AMPLE_GAS;
        next.params.openBy = uint64(block.timestamp);
        next.params.closeAfter = uint64(block.timestamp + 7 days);
        vault = _fundAndOpen(next);
        batch = next;
        donated = 0;
        attacker.prepare(address(0), "", false);
        (attackIsOnVault, attackBubbles) = (false, false);
    }

    function _makeHonest(uint256 chunk) private {
        for (uint256 j = 0; j < ROWS; ++j) token.setMode(rowOf(chunk, j).recipient, HostileToken.Mode.Honest);
    }

    /// @dev The first chunk from `start` on, around the end, that is `wanted`. Discards if there is none.
    function _firstFrom(uint256 start, function(uint256) view returns (bool) wanted) private view returns (uint256) {
        for (uint256 i = 0; i < CHUNKS; ++i) {
            uint256 chunk = (start % CHUNKS + i) % CHUNKS;
            if (wanted(chunk)) return chunk;
        }
        vm.assume(false);
        return 0;
    }

    function _isOpenChunk(uint256 chunk) private view returns (bool) {
        return !vault.isExecuted(chunk);
    }

    function _hasOwedRows(uint256 chunk) private view returns (bool) {
        return vault.owedRows(chunk) != 0;
    }

    /// @dev Discards what had no effect: that a call reverts is always harmless.
    function _call(bytes memory data, uint256 gasLimit, bool inLock) private {
        // Half of the limits lie where they matter, the others anywhere up to what a transaction may have.
        gasLimit = gasLimit & 1 == 0 ? gasLimit % TRANSACTION_GAS : 600_000 + (gasLimit % (4 * uint256(AMPLE_GAS)));
        bool success;
        if (inLock) {
            try token.callWhileLocked{gas: gasLimit}(address(vault), data) returns (bool inner) {
                success = inner;
            } catch {}
        } else {
            (success,) = address(vault).call{gas: gasLimit}(data);
        }
        vm.assertFalse(attackIsOnVault && attacker.succeeded(), "no way in from a callback");
        vm.assume(success);
    }

    /// @dev The rows of a chunk that the token would not deliver now, given all the gas they may have.
    function _undeliverable(uint256 chunk) private view returns (uint256 rows) {
        if (token.isPaused()) return ALL_ROWS;
        for (uint256 j = 0; j < ROWS; ++j) {
            address recipient = rowOf(chunk, j).recipient;
            HostileToken.Mode mode = token.modeOf(recipient);
            bool delivers = uint8(mode) < uint8(HostileToken.Mode.CallHook);
            if (mode == HostileToken.Mode.CallHook) {
                delivers = recipient == address(attacker) && !(attackIsOnVault && attackBubbles);
            }
            if (!delivers) rows |= 1 << j;
        }
    }
}
