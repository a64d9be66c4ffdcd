import {
  type Address,
  BaseError,
  bytesToHex,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  type Hex,
  parseAbi,
} from 'viem';
import type { EvmClient } from './evmClient.ts';

/**
 * How a chain charges for publishing a transaction on the chain below it. NONE: not at all. OP_STACK: besides gas, taken
 * from the sender's balance. ARBITRUM: as more gas, which the gas limit must have room for.
 */
export type DataFeeKind = 'NONE' | 'OP_STACK' | 'ARBITRUM';

/** What a byte of a transaction costs besides the gas that it is executed with. */
export type DataFee = {
  /** In the native asset's base units. */
  readonly unitsPerByte: bigint;
  /** Gas on top of a transaction's limit. */
  readonly gasPerByte: bigint;
};

/** GasPriceOracle of the OP stack, at the same address on each of its chains. */
export const OP_STACK_GAS_PRICE_ORACLE: Address = '0x420000000000000000000000000000000000000F';
/** Arbitrum's NodeInterface: no contract, but nodes answer calls of this address. */
export const ARBITRUM_NODE_INTERFACE: Address = '0x00000000000000000000000000000000000000C8';

const oracleAbi = parseAbi([
  // Since Fjord: the most that a transaction of so many bytes costs, however badly it compresses.
  'function getL1FeeUpperBound(uint256 unsignedTransactionSize) view returns (uint256)',
  'function getL1Fee(bytes transaction) view returns (uint256)',
]);
const nodeInterfaceAbi = parseAbi([
  'function gasEstimateL1Component(address to, bool contractCreation, bytes data) payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)',
]);

/** As long as a full chunk: what is charged once a transaction is spread over as many bytes as there will be. */
const SAMPLE_BYTES = 10_000;
/** The chain below may ask for more by the time a block takes the transaction. What gas is not used is not charged. */
const ARBITRUM_MARGIN_PERCENT = 150n;
const PERCENT = 100n;
const NO_DATA_FEE: DataFee = { unitsPerByte: 0n, gasPerByte: 0n };

/**
 * Reads what publishing costs at the head. It decides how much gas a transaction is given: one that gets too little comes to
 * nothing, and is paid for.
 * @param checked asks two nodes: one alone could have gas wasted
 * @throws InconclusiveError; viem's errors when no node, or its oracle, answers
 */
export async function readDataFee(checked: EvmClient, kind: DataFeeKind): Promise<DataFee> {
  if (kind === 'NONE') return NO_DATA_FEE;
  const size = BigInt(SAMPLE_BYTES);
  if (kind === 'OP_STACK') {
    return { unitsPerByte: divideUp(await readOracle(checked), size), gasPerByte: 0n };
  }
  const gas = (await readNodeInterface(checked)) * ARBITRUM_MARGIN_PERCENT;
  return { unitsPerByte: 0n, gasPerByte: divideUp(gas / PERCENT, size) };
}

async function readNodeInterface(client: EvmClient): Promise<bigint> {
  const { result } = await client.simulateContract({
    address: ARBITRUM_NODE_INTERFACE,
    abi: nodeInterfaceAbi,
    functionName: 'gasEstimateL1Component',
    args: [ARBITRUM_NODE_INTERFACE, false, sample()],
  });
  return result[0];
}

async function readOracle(client: EvmClient): Promise<bigint> {
  const oracle = { address: OP_STACK_GAS_PRICE_ORACLE, abi: oracleAbi } as const;
  try {
    return await client.readContract({
      ...oracle,
      functionName: 'getL1FeeUpperBound',
      args: [BigInt(SAMPLE_BYTES)],
    });
  } catch (error) {
    if (!isWithoutFunction(error)) throw error;
    // A chain that is older than Fjord.
    return client.readContract({ ...oracle, functionName: 'getL1Fee', args: [sample()] });
  }
}

function isWithoutFunction(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const answer = error.walk(
    (cause) =>
      cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError,
  );
  return answer !== null;
}

/** Bytes that no compressor makes shorter: an xorshift's, always the same. */
function sample(): Hex {
  const bytes = new Uint8Array(SAMPLE_BYTES);
  let state = 0x9e3779b9;
  for (let index = 0; index < bytes.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  return bytesToHex(bytes);
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}
