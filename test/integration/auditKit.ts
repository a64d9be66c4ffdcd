import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Abi, type Address, erc20Abi, type Hex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { chunkLeaf } from '../../chains/evm/codec/chunkLeaf.ts';
import { chunkRows } from '../../chains/evm/codec/chunkRows.ts';
import { chunkTree } from '../../chains/evm/codec/chunkTree.ts';
import type { ProvenChunk } from '../../chains/evm/codec/encodeExecuteChunk.ts';
import { packRows } from '../../chains/evm/codec/packRows.ts';
import { DEFAULT_GAS_PER_PAYOUT } from '../../chains/evm/codec/payoutGas.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { payoutVaultAbi } from '../../contracts/abi/payoutVault.ts';
import { payoutVaultFactoryAbi } from '../../contracts/abi/payoutVaultFactory.ts';
import type { AuditInput, AuditReport } from '../audit/auditPayments.ts';
import type { TestAccount, TestChain } from '../kit/chain.ts';

const AUDIT = fileURLToPath(new URL('../audit/auditPayments.ts', import.meta.url));
const DECIMALS = 6;
/** Enough for any call here, so that one that must revert is included and reverts. */
const GAS = 2_000_000n;
const OPEN_WINDOW_SECONDS = 3_600n;

/** A batch that an account of one key opened: no server had a part in it. */
export type OpenedBatch = { vault: Address; chunks: ProvenChunk[] };

export type Hands = ReturnType<typeof createHands>;

/** What a test does to a chain by hand; each is one transaction in a block of its own. */
export function createHands(chain: TestChain) {
  const token = chain.contracts.DevelopmentUSDC as Address;
  const factory = chain.contracts.PayoutVaultFactory as Address;
  const implementation = chain.contracts.PayoutVault as Address;
  const write = async (
    by: TestAccount,
    address: Address,
    abi: Abi,
    functionName: string,
    args: unknown[],
  ) => {
    const account = privateKeyToAccount(by.privateKey);
    const hash = await chain.client.writeContract({
      account,
      address,
      abi,
      functionName,
      args,
      gas: GAS,
      chain: null,
    });
    await chain.mine();
    return chain.client.getTransactionReceipt({ hash });
  };
  return {
    token,
    factory,
    mint: (to: Address, units: bigint) =>
      write(chain.approvers[0] as TestAccount, token, developmentUsdcAbi, 'mint', [to, units]),
    block: (address: Address) =>
      write(chain.approvers[0] as TestAccount, token, developmentUsdcAbi, 'setBlocked', [address, true]),
    transfer: (by: TestAccount, to: Address, units: bigint) =>
      write(by, token, erc20Abi, 'transfer', [to, units]),
    execute: (by: TestAccount, { vault }: OpenedBatch, { chunkIndex, rows, proof }: ProvenChunk) =>
      write(by, vault, payoutVaultAbi, 'execute', [BigInt(chunkIndex), toHex(rows), proof]),
    close: (by: TestAccount, { vault }: OpenedBatch) => write(by, vault, payoutVaultAbi, 'close', []),
    open: async (
      by: TestAccount,
      batchId: Hex,
      rows: PayoutRow[],
      rowsPerChunk: number,
    ): Promise<OpenedBatch> => {
      const vault = vaultAddress({ payer: by.address, batchId, factory, implementation });
      const domain = { chainId: chain.chainId, factory, payer: by.address, batchId, token };
      const packed = chunkRows(rows, rowsPerChunk).map(packRows);
      const tree = chunkTree(packed.map((chunk, index) => chunkLeaf(domain, index, chunk)));
      const total = rows.reduce((sum, { units }) => sum + units, 0n);
      await write(by, token, erc20Abi, 'transfer', [vault, total]);
      const { timestamp } = await chain.client.getBlock();
      const openBy = timestamp + OPEN_WINDOW_SECONDS;
      const params = {
        ...{ batchId, token, total, root: tree.root, chunkCount: packed.length },
        ...{ gasPerPayout: DEFAULT_GAS_PER_PAYOUT, openBy, closeAfter: openBy + OPEN_WINDOW_SECONDS },
      };
      await write(by, factory, payoutVaultFactoryAbi, 'open', [params]);
      return {
        vault,
        chunks: packed.map((chunk, chunkIndex) => ({
          chunkIndex,
          rows: chunk,
          proof: tree.proof(chunkIndex),
        })),
      };
    },
  };
}

/** A payroll file of rows. @returns its path */
export function writePayroll(directory: string, name: string, rows: readonly PayoutRow[]): string {
  const lines = rows.map(({ recipient, units }) => {
    const digits = units.toString().padStart(DECIMALS + 1, '0');
    return `${recipient},${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
  });
  const path = join(directory, name);
  writeFileSync(path, ['recipient,amount', ...lines, ''].join('\n'));
  return path;
}

/** Runs the audit as a process of its own. */
export async function runAudit(
  directory: string,
  input: AuditInput,
): Promise<{ code: number; report: AuditReport | null; explained: string }> {
  const path = join(directory, 'audit.json');
  writeFileSync(path, JSON.stringify(input));
  const child = spawn(process.execPath, [AUDIT, path], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], output, explained] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, report: output === '' ? null : (JSON.parse(output) as AuditReport), explained };
}
