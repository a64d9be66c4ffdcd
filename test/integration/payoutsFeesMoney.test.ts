import { concatHex, type Hex, numberToHex, parseEther, toFunctionSelector } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ARBITRUM_NODE_INTERFACE,
  OP_STACK_GAS_PRICE_ORACLE,
  readDataFee,
} from '../../chains/evm/client/readDataFee.ts';
import { expectedUse } from '../../chains/evm/codec/expectedGas.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { observeFees } from '../../payouts/fees/observeFees.ts';
import { quoteFees } from '../../payouts/fees/quoteFees.ts';
import { loadEstimatedNetworkFees } from '../../resolvers/payoutBatch/loadEstimatedNetworkFees.ts';
import { loadNetworkFees } from '../../resolvers/payoutBatch/loadNetworkFees.ts';
import { approvedBatch } from './payoutsBatches.ts';
import { offersOf, withPolicy } from './payoutsFeesKit.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';

// What batches are expected to cost, what they cost, and what chains take besides gas.

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const approver = () => kit.context(required(kit.approvers[0], 'An approver'));
const estimateOf = async (batchId: string) => (await loadEstimatedNetworkFees(approver(), [batchId]))[0];

test.each([1, 60, 450])('an estimate before, the actual cost after: %i payouts', async (count) => {
  const { batchId, lines } = await approvedBatch(kit, count);
  await kit.database.deleteFrom('chainFee').execute();
  expect(await estimateOf(batchId)).toBeNull();
  await observeFees(kit.engine());
  const estimate = required(await estimateOf(batchId), 'The estimate');
  expect(await loadNetworkFees(approver(), [batchId])).toMatchObject([{ units: 0n }]);
  while ((await kit.batch(batchId)).status !== 'COMPLETED') {
    await advanceBatch(kit.engine(), batchId);
    await kit.mine(FINAL_DEPTH);
  }
  await kit.requirePaidOnce(lines);
  const hashes = [...(await offersOf(kit, batchId)), ...(await offersOf(kit, batchId, 'CHUNK'))].map(
    ({ hash }) => hash as Hex,
  );
  const receipts = await Promise.all(hashes.map((hash) => kit.chain.client.getTransactionReceipt({ hash })));
  const paid = receipts.reduce(
    (sum, { gasUsed, effectiveGasPrice }) => sum + gasUsed * effectiveGasPrice,
    0n,
  );
  const [actual] = await loadNetworkFees(approver(), [batchId]);
  expect(actual).toEqual({ assetId: estimate.assetId, units: paid });
  expect(await estimateOf(batchId)).toBeNull();
  // Gas is what the estimate knows about; prices move.
  const used = receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
  const batch = await kit.batch(batchId);
  const { gas } = expectedUse({ ...batch, threshold: 2 });
  expect(Number(gas) / Number(used)).toBeGreaterThanOrEqual(1);
  expect(Number(gas) / Number(used)).toBeLessThan(1.25);
});

test('what a worker observed long ago says nothing', async () => {
  const { batchId } = await approvedBatch(kit);
  await observeFees(kit.engine());
  expect(await estimateOf(batchId)).not.toBeNull();
  await kit.database
    .updateTable('chainFee')
    .set({ observedAt: new Date(Date.now() - 7_200_000) })
    .execute();
  expect(await estimateOf(batchId)).toBeNull();
});

/** Code that answers calls of one function with `factor` × an argument's word, and reverts for any other. */
function answering(signature: string, argumentOffset: number, factor: bigint, words = 1): Hex {
  return concatHex([
    '0x60003560e01c63',
    toFunctionSelector(signature),
    '0x146012575f5ffd5b60',
    numberToHex(argumentOffset, { size: 1 }),
    '0x356f',
    numberToHex(factor, { size: 16 }),
    '0x025f5260',
    numberToHex(32 * words, { size: 1 }),
    '0x5ff3',
  ]);
}
const FEE_PER_BYTE = 12_345_678_901n;
const UPPER_BOUND = answering('function getL1FeeUpperBound(uint256)', 4, FEE_PER_BYTE);
// `bytes` begin with their length, behind the word that says where they are.
const L1_FEE = answering('function getL1Fee(bytes)', 0x24, FEE_PER_BYTE);
const ARBITRUM_GAS = answering('function gasEstimateL1Component(address,bool,bytes)', 0x64, 20n, 3);

function checked() {
  const [chain] = kit.engine().chains.values();
  return required(chain, 'A chain').checked;
}

test.each([
  ['since Fjord', UPPER_BOUND],
  ['before Fjord', L1_FEE],
])('OP stack, %s: a transaction’s bytes cost native currency besides gas', async (_, bytecode) => {
  await kit.chain.client.setCode({ address: OP_STACK_GAS_PRICE_ORACLE, bytecode });
  expect(await readDataFee(checked(), 'OP_STACK')).toEqual({ unitsPerByte: FEE_PER_BYTE, gasPerByte: 0n });
});

test('an oracle that is not there is a fault, not a fee of 0', async () => {
  await kit.chain.client.setCode({ address: OP_STACK_GAS_PRICE_ORACLE, bytecode: '0x' });
  await expect(readDataFee(checked(), 'OP_STACK')).rejects.toThrow();
  await expect(readDataFee(checked(), 'ARBITRUM')).rejects.toThrow();
});

test('OP stack: a relayer that could pay the gas and not the data signs nothing', async () => {
  const { batchId } = await approvedBatch(kit);
  await observeFees(kit.engine());
  const without = required(await estimateOf(batchId), 'The estimate').units;
  const unitsPerByte = parseEther('10');
  await kit.chain.client.setCode({
    address: OP_STACK_GAS_PRICE_ORACLE,
    bytecode: answering('function getL1FeeUpperBound(uint256)', 4, unitsPerByte),
  });
  const engine = withPolicy(kit.engine(), { dataFee: 'OP_STACK' });
  await advanceBatch(engine, batchId);
  expect(await kit.batch(batchId)).toMatchObject({ blockerCode: 'RELAYER_NOT_FUNDED' });
  expect(await offersOf(kit, batchId)).toEqual([]);
  await observeFees(engine);
  expect((await estimateOf(batchId))?.units).toBeGreaterThan(without + unitsPerByte * 1_000n);
});

test('Arbitrum: the gas limit has room for what the chain takes out of it', async () => {
  await kit.chain.client.setCode({ address: ARBITRUM_NODE_INTERFACE, bytecode: ARBITRUM_GAS });
  const engine = withPolicy(kit.engine(), { dataFee: 'ARBITRUM' });
  const { id } = await kit.database.selectFrom('chain').select('id').executeTakeFirstOrThrow();
  const { dataFee } = await quoteFees(engine, { id, eip155ChainId: kit.chain.chainId });
  // Half as much again as the chain says.
  expect(dataFee).toEqual({ unitsPerByte: 0n, gasPerByte: 30n });
  const [plain, padded] = [await approvedBatch(kit), await approvedBatch(kit)];
  await advanceBatch(kit.engine(), plain.batchId);
  await advanceBatch(engine, padded.batchId);
  const [less] = await offersOf(kit, plain.batchId);
  const [more] = await offersOf(kit, padded.batchId);
  expect((more?.gasLimit ?? 0n) - (less?.gasLimit ?? 0n)).toBeGreaterThan(30n * 1_000n);
  await kit.mine(FINAL_DEPTH);
  await kit.requirePaidOnce([...plain.lines, ...padded.lines]);
});
