/** One way to break a contract. `find` occurs exactly once in `file`. */
export interface Mutant {
  readonly name: string;
  /** Under contracts/src. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const leafFields =
  'CHUNK_TYPEHASH, block.chainid, factory, payer, batchId, token, chunkIndex, rowCount, rowsHash';

function leafWithout(field: string, zero: string): Mutant {
  const replace = leafFields.replace(`${field},`, `${zero},`);
  return { name: `leaf without ${field}`, file: 'MerkleChunks.sol', find: leafFields, replace };
}

function inVault(name: string, find: string, replace: string): Mutant {
  return { name, file: 'PayoutVault.sol', find, replace };
}

function inFactory(name: string, find: string, replace: string): Mutant {
  return { name, file: 'PayoutVaultFactory.sol', find, replace };
}

function inTree(name: string, find: string, replace: string): Mutant {
  return { name, file: 'MerkleChunks.sol', find, replace };
}

const gasFloor = '(gas_ * 64) / 63 + PayoutLimits.CALL_RESERVE_GAS';
const executeHead =
  'function execute(uint256 chunkIndex, bytes calldata rows, bytes32[] calldata proof) external nonReentrant';

/** Each must make at least one test fail. */
export const mutants: readonly Mutant[] = [
  leafWithout('chunkIndex', 'uint256(0)'),
  leafWithout('block.chainid', 'uint256(0)'),
  leafWithout('factory', 'address(0)'),
  leafWithout('payer', 'address(0)'),
  leafWithout('batchId', 'bytes32(0)'),
  leafWithout('token', 'address(0)'),
  leafWithout('rowCount', 'uint256(0)'),
  inTree(
    'leaf without its domain tag',
    'abi.encodePacked(bytes1(0x00), chunkHash)',
    'abi.encodePacked(chunkHash)',
  ),
  inTree(
    'node without its domain tag',
    'abi.encodePacked(bytes1(0x01), left, right)',
    'abi.encodePacked(left, right)',
  ),
  inTree('leaf and node under one domain tag', 'bytes1(0x00)', 'bytes1(0x01)'),
  inTree('siblings sorted by value', 'index & 1 == 0 ? node', 'hash < sibling ? node'),
  inTree('proof may be longer than the position asks for', 'used == proof.length && hash', 'hash'),
  inTree('index may lie outside the tree', 'if (index >= count) return false;', ''),
  inTree('odd last node paired instead of promoted', ' && count & 1 == 1;', ' && false;'),

  inVault('no gas floor', 'if (gasleft() < gasFloor) revert PayoutVaultInsufficientGas();', ''),
  inVault('gas floor that forgets the 64th kept back', gasFloor, 'gas_ + PayoutLimits.CALL_RESERVE_GAS'),
  inVault('gas floor without a reserve for the call', gasFloor, '(gas_ * 64) / 63'),
  inVault('row gets all gas that is left', 'token_, transferData, gas_)', 'token_, transferData, gasleft())'),
  inVault(
    'all return data copied',
    'switch returndatasize()',
    'returndatacopy(mload(0x40), 0, returndatasize())\n            switch returndatasize()',
  ),

  inVault('no owed bit', 'owedRows[chunkIndex] = owed;', ''),
  inVault('no owed count', 'owedRowCount += _countBits(owed);', ''),
  inVault('owed bit kept after a retry', 'owedBefore & ~delivered;', 'owedBefore;'),
  inVault('retry pays rows that are not owed', 'owedBefore & rowMask;', 'rowMask;'),
  inVault(
    'retry without a proof',
    '_verify(chunkIndex, rows, proof);\n\n        uint256 delivered',
    'uint256 delivered',
  ),
  inVault(
    'retry counts what failed again as delivered',
    'attempt & ~_deliver(rows, attempt)',
    'attempt | _deliver(rows, attempt)',
  ),
  inVault(
    'chunk executed twice',
    'if (isExecuted(chunkIndex)) revert PayoutVaultChunkAlreadyExecuted(chunkIndex);',
    '',
  ),
  inVault('chunks share a bit', '1 << (chunkIndex & 0xff);', '1;'),
  inVault('more rows than a chunk may have', 'rowCount > PayoutLimits.MAX_ROWS_PER_CHUNK', 'rowCount > 256'),

  inVault('remaining does not bound a transfer', 'amount <= available && ', ''),
  inVault('remaining not lowered', 'remaining = uint128(available);', ''),
  inVault('anyone may be a recipient', ' && _mayReceive(recipient, token_)', ''),
  inVault(
    'returned means delivered',
    'and(returned, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1)))',
    'returned',
  ),
  inVault('anything but false means delivered', 'eq(mload(0x00), 1)', 'iszero(iszero(mload(0x00)))'),
  inVault(
    'short return data means what lay in memory',
    'and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1))',
    'eq(mload(0x00), 1)',
  ),
  inVault(
    'a reverted call without data means delivered',
    'and(returned, iszero(iszero(extcodesize(token_))))',
    'iszero(iszero(extcodesize(token_)))',
  ),
  inVault(
    'token that moves and denies it is believed',
    'if (_balance(token_) + paid < balanceBefore) revert PayoutVaultUnreliableToken();',
    '',
  ),

  inVault('execute without the lock', executeHead, executeHead.replace(' nonReentrant', '')),
  inVault(
    'retry without the lock',
    '        external\n        nonReentrant\n        onlyOpen',
    '        external\n        onlyOpen',
  ),
  inVault('close without the lock', 'function close() external nonReentrant', 'function close() external'),
  inVault('something moves after closing', 'if (isClosed) revert PayoutVaultClosed();', ''),
  inVault('implementation is usable', 'if (chunkCount == 0) revert PayoutVaultNotOpened();', ''),
  inVault('anyone closes what is owed', ' && owedRowCount == 0', ''),
  inVault('anyone closes what is not executed', 'executedChunkCount == chunkCount && ', ''),
  inVault('anyone closes at closeAfter', 'block.timestamp <= closeAfter', 'block.timestamp < closeAfter'),
  inVault('payer cannot close early', 'msg.sender != to && ', ''),
  inVault('remainder goes to the caller', 'address to = payer();', 'address to = msg.sender;'),
  inVault(
    'closes without the money',
    'if (!delivered && !(returned && _balance(token) == 0)) revert PayoutVaultCloseFailed();',
    'delivered = returned;',
  ),
  inVault('anyone initializes', 'if (msg.sender != factory) revert PayoutVaultUnauthorized(msg.sender);', ''),
  inVault('initializes twice', 'if (chunkCount != 0) revert PayoutVaultAlreadyInitialized();', ''),

  inFactory('opens after openBy', 'block.timestamp > params.openBy', 'false'),
  inFactory('opens before its money is there', 'balance < params.total', 'false'),
  inFactory(
    'vault not bound to its payer',
    'return keccak256(abi.encode(payer, batchId));',
    'return keccak256(abi.encode(payer));',
  ),
  inFactory('token without code', 'params.token.code.length == 0', 'false'),
  inFactory('closes before it opens', 'params.closeAfter < params.openBy', 'false'),
  inFactory('no chunks', 'params.chunkCount == 0 || ', ''),
  inFactory('total cut to 128 bits', ' || params.total > type(uint128).max', ''),
];
