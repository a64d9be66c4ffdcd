import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  type Hex,
  keccak256,
  numberToHex,
  parseAbiParameters,
  stringToHex,
} from 'viem';
import { developmentToken18Abi } from './abi/developmentToken18.ts';
import { developmentToken18Bytecode } from './abi/developmentToken18Bytecode.ts';
import { developmentUsdcBytecode } from './abi/developmentUsdcBytecode.ts';
import { payoutVaultAbi } from './abi/payoutVault.ts';
import { payoutVaultFactoryAbi } from './abi/payoutVaultFactory.ts';
import { payoutVaultFactoryBytecode } from './abi/payoutVaultFactoryBytecode.ts';
import { repositoryRoot } from './forge.ts';
import { type GasChain, startGasChain } from './gasChain.ts';
import { deployGasSafe, type GasSafe } from './gasSafe.ts';

/** `npm run contracts:gas`: measures a payout's gas and writes the table of docs/guides/gas.md. */

const PAYOUTS = 200;
const AMOUNT = 1_000_000n;
const GAS_PER_PAYOUT = 70_000;
/** Levels above the measured chunk: 9 are a batch of 512 chunks, 102,400 payouts. Its other chunks are made up. */
const PROOF_LENGTH = 9;
const GUIDE = join(repositoryRoot, 'docs', 'guides', 'gas.md');

interface Bench {
  readonly chain: GasChain;
  readonly safe: GasSafe;
  readonly factory: Address;
  readonly token: Address;
}

interface Row {
  readonly name: string;
  readonly newHolders: bigint;
  readonly existingHolders: bigint;
}

async function main(): Promise<void> {
  await using chain = await startGasChain();
  const safe = await deployGasSafe(chain);
  const factory = await chain.deploy(payoutVaultFactoryBytecode);
  const sections: string[] = [];
  for (const [name, bytecode] of [
    ['A plain ERC-20 (DevelopmentToken18)', developmentToken18Bytecode],
    ['An ERC-20 with a blocklist (DevelopmentUSDC)', developmentUsdcBytecode],
  ] as const) {
    const bench = { chain, safe, factory, token: await chain.deploy(bytecode) };
    sections.push(`${name}:\n\n${await table(bench)}`);
  }
  const text = sections.join('\n\n');
  console.log(text);
  const guide = readFileSync(GUIDE, 'utf8');
  const [before, after] = [guide.split('<!-- figures -->')[0], guide.split('<!-- end of figures -->')[1]];
  if (before === undefined || after === undefined) throw new Error(`${GUIDE} has lost its markers`);
  writeFileSync(GUIDE, `${before}<!-- figures -->\n\n${text}\n\n<!-- end of figures -->${after}`);
}

async function table(bench: Bench): Promise<string> {
  const total = 3n * BigInt(PAYOUTS) * AMOUNT;
  await mint(bench, bench.safe.address, total);
  await mint(bench, bench.chain.account.address, total);
  const vault: { opening: bigint; row: Row } = await vaultRow(bench);
  const rows = [vault.row, await multiSendRow(bench), await plainRow(bench)];
  const lines = rows.map(
    ({ name, newHolders, existingHolders }) =>
      `| ${name} | ${format(newHolders)} | ${format(existingHolders)} |`,
  );
  return [
    '| Gas a payout | to new holders | to existing holders |',
    '| --- | ---: | ---: |',
    ...lines,
    '',
    `Opening a vault from a Safe, once a batch: ${format(vault.opening)}.`,
  ].join('\n');
}

async function vaultRow(bench: Bench): Promise<{ opening: bigint; row: Row }> {
  const recipients = recipientsOf('vault');
  const toNew = await payWithVault(bench, recipients, 1);
  const toExisting = await payWithVault(bench, recipients, 2);
  return {
    opening: toExisting.opening,
    row: {
      name: `PayoutVault, a chunk of ${PAYOUTS} (anyone executes)`,
      newHolders: toNew.chunk / BigInt(PAYOUTS),
      existingHolders: toExisting.chunk / BigInt(PAYOUTS),
    },
  };
}

async function payWithVault(
  { chain, safe, factory, token }: Bench,
  recipients: readonly Address[],
  batch: number,
) {
  const batchId = keccak256(encodePacked(['address', 'uint256'], [token, BigInt(batch)]));
  const vault = await chain.client.readContract({
    address: factory,
    abi: payoutVaultFactoryAbi,
    functionName: 'vaultOf',
    args: [safe.address, batchId],
  });
  const rows = concatHex(
    recipients.map((recipient) => encodePacked(['address', 'uint96'], [recipient, AMOUNT])),
  );
  const proof = Array.from({ length: PROOF_LENGTH }, (_, level) => keccak256(numberToHex(level)));
  const leaf = chunkLeaf(
    { chainId: chain.client.chain.id, factory, payer: safe.address, batchId, token },
    rows,
  );
  const root = proof.reduce((node, sibling) => keccak256(concatHex(['0x01', node, sibling])), leaf);
  // Twice what the chunk pays, so that neither balance ends at zero: clearing it would be refunded.
  const total = 2n * BigInt(PAYOUTS) * AMOUNT;
  await mint({ chain, token }, safe.address, total);
  const { timestamp } = await chain.client.getBlock();
  const openBy = timestamp + 3600n;
  const params = {
    ...{ batchId, token, total, root, chunkCount: 2 ** PROOF_LENGTH, gasPerPayout: GAS_PER_PAYOUT },
    ...{ openBy, closeAfter: openBy },
  };
  const opening = await safe.multiSend([
    { to: token, data: transferData(vault, total) },
    {
      to: factory,
      data: encodeFunctionData({ abi: payoutVaultFactoryAbi, functionName: 'open', args: [params] }),
    },
  ]);
  const { gasUsed } = await chain.send({
    to: vault,
    data: encodeFunctionData({ abi: payoutVaultAbi, functionName: 'execute', args: [0n, rows, proof] }),
  });
  const owed = await chain.client.readContract({
    ...{ address: vault, abi: payoutVaultAbi, functionName: 'owedRows', args: [0n] },
  });
  if (owed !== 0n) throw new Error('not every row was paid');
  return { opening, chunk: gasUsed };
}

async function multiSendRow({ safe, token }: Bench): Promise<Row> {
  const calls = recipientsOf('multisend').map((to) => ({ to: token, data: transferData(to, AMOUNT) }));
  const newHolders = (await safe.multiSend(calls)) / BigInt(PAYOUTS);
  const existingHolders = (await safe.multiSend(calls)) / BigInt(PAYOUTS);
  return {
    name: `Safe, MultiSendCallOnly of ${PAYOUTS} (each batch signed whole)`,
    newHolders,
    existingHolders,
  };
}

async function plainRow({ chain, token }: Bench): Promise<Row> {
  const averages: bigint[] = [];
  for (let round = 0; round < 2; round += 1) {
    let gas = 0n;
    for (const to of recipientsOf('plain'))
      gas += (await chain.send({ to: token, data: transferData(to, AMOUNT) })).gasUsed;
    averages.push(gas / BigInt(PAYOUTS));
  }
  const [newHolders = 0n, existingHolders = 0n] = averages;
  return { name: 'Plain transfers, one transaction each', newHolders, existingHolders };
}

async function mint(
  { chain, token }: Pick<Bench, 'chain' | 'token'>,
  to: Address,
  amount: bigint,
): Promise<void> {
  await chain.send({
    to: token,
    data: encodeFunctionData({ abi: developmentToken18Abi, functionName: 'mint', args: [to, amount] }),
  });
}

function transferData(to: Address, amount: bigint): Hex {
  return encodeFunctionData({ abi: developmentToken18Abi, functionName: 'transfer', args: [to, amount] });
}

type Domain = { chainId: number; factory: Address; payer: Address; batchId: Hex; token: Address };

/** The leaf of chunk 0, as MerkleChunks.sol has it. */
function chunkLeaf({ chainId, factory, payer, batchId, token }: Domain, rows: Hex): Hex {
  const typeHash = keccak256(
    stringToHex(
      'PayoutChunk(uint256 chainId,address factory,address payer,bytes32 batchId,address token,uint256 chunkIndex,uint256 rowCount,bytes32 rowsHash)',
    ),
  );
  const chunk = encodeAbiParameters(
    parseAbiParameters('bytes32, uint256, address, address, bytes32, address, uint256, uint256, bytes32'),
    [typeHash, BigInt(chainId), factory, payer, batchId, token, 0n, BigInt(PAYOUTS), keccak256(rows)],
  );
  return keccak256(concatHex(['0x00', keccak256(chunk)]));
}

function recipientsOf(label: string): Address[] {
  return Array.from(
    { length: PAYOUTS },
    (_, row) => `0x${keccak256(stringToHex(`${label} ${row}`)).slice(26)}` as const,
  );
}

function format(gas: bigint): string {
  return gas.toLocaleString('en');
}

await main();
