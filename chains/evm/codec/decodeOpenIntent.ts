import { decodeFunctionData, erc20Abi, type Hex } from 'viem';
import { payoutVaultFactoryAbi } from '../../../contracts/abi/payoutVaultFactory.ts';
import { decodeMultiSend } from './decodeMultiSend.ts';
import { describeOpenIntent } from './describeOpenIntent.ts';
import type { IntentPins, OpenIntentSubject, PayoutOpenIntent, UnknownIntent } from './intent.ts';
import { expectPlainTransaction, type Faults, intentFaults } from './intentFaults.ts';
import { manifestRows, manifestTree } from './manifest.ts';
import { type OpenParams, openTransaction } from './openTransaction.ts';
import { maxRowsPerChunk } from './payoutGas.ts';
import { type PayoutRow, ROW_BYTES } from './payoutRow.ts';
import { SAFE_DEPLOYMENT } from './safeDeployment.ts';
import { safeTransactionHash } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

/**
 * What a Safe transaction that opens a batch will do, told from its bytes, the manifest's rows and the reader's pins.
 * One shape is known: MultiSendCallOnly, by delegate call, of `token.transfer(vault, total)` and `factory.open(params)`,
 * where vault, total, root and chunk count are recomputed from the rows, everything else is as the manifest says, and
 * encoding it again gives the same bytes. Of the manifest only the rows, the dates, gas per payout and batch id count;
 * chain, payer, factory and token must be the reader's own.
 *
 * Never throws, whatever the bytes: what it does not understand is UNKNOWN, with reasons.
 */
export function decodeOpenIntent(subject: OpenIntentSubject): PayoutOpenIntent | UnknownIntent {
  const faults = intentFaults();
  try {
    const intent = decode(subject, faults);
    if (intent !== null && faults.reasons.length === 0) return intent;
  } catch (cause) {
    faults.reasons.push(
      `The request cannot be read: ${cause instanceof Error ? firstLine(cause.message) : 'unknown fault'}`,
    );
  }
  return { kind: 'UNKNOWN', reasons: faults.reasons };
}

function decode(subject: OpenIntentSubject, faults: Faults): PayoutOpenIntent | null {
  const { chainId, safe, transaction, manifest, pins } = subject;
  expectPlainTransaction(faults, subject, SAFE_DEPLOYMENT.multiSendCallOnly.address, 1);
  expectPinned(faults, subject);
  const rows = manifestRows(manifest);
  const { root, chunkCount } = manifestTree({
    ...manifest,
    chainId,
    payer: safe,
    factory: pins.factory,
    token: pins.token.address,
  });
  const largestChunk = manifest.chunks.reduce((most, chunk) => Math.max(most, chunk.length / ROW_BYTES), 0);
  if (largestChunk > maxRowsPerChunk(manifest.gasPerPayout)) {
    faults.reasons.push(
      `A chunk of ${largestChunk} payouts does not fit into a transaction and could never be paid.`,
    );
  }
  const vault = vaultAddress({ ...pins, payer: safe, batchId: manifest.batchId });
  let total = 0n;
  for (const { units } of rows) total += units;
  expectPayable(faults, rows, [pins.token.address, pins.factory, vault]);
  const expected: OpenParams = {
    batchId: manifest.batchId,
    token: pins.token.address,
    total,
    root,
    chunkCount,
    gasPerPayout: manifest.gasPerPayout,
    openBy: manifest.openBy,
    closeAfter: manifest.closeAfter,
  };
  faults.expect('The manifest’s total', manifest.total, total);
  faults.expect('The manifest’s root', manifest.root, root);
  faults.expect('The manifest’s chunk count', manifest.chunkCount, chunkCount);
  expectCalls(faults, transaction.data, vault, expected, pins);
  const rebuilt = openTransaction({ factory: pins.factory, vault, nonce: subject.nonce }, expected);
  faults.expect('The transaction’s data', transaction.data, rebuilt.data);
  if (faults.reasons.length > 0) return null;
  const digest = safeTransactionHash({ chainId, safe }, transaction);
  return describeOpenIntent({ ...subject, rows, total, vault, digest });
}

/** The manifest must be about this chain, this Safe, these contracts and this token. */
function expectPinned(faults: Faults, { chainId, safe, manifest, pins }: OpenIntentSubject): void {
  faults.expect('The manifest’s chain', manifest.chainId, chainId);
  faults.expect('The manifest’s payer', manifest.payer, safe);
  faults.expect('The manifest’s factory', manifest.factory, pins.factory);
  faults.expect('The manifest’s vault implementation', manifest.implementation, pins.implementation);
  faults.expect('The manifest’s token', manifest.token, pins.token.address);
  faults.expect('The manifest’s token decimals', manifest.tokenDecimals, pins.token.decimals);
  faults.expect('The manifest’s token symbol', manifest.tokenSymbol, pins.token.symbol);
}

const MAX_RECIPIENTS_NAMED = 3;

/** The vault never pays these, so a row to one can only be a mistake or worse. */
function expectPayable(faults: Faults, rows: readonly PayoutRow[], forbidden: readonly string[]): void {
  const refused = new Set(forbidden.map((address) => address.toLowerCase()));
  let named = 0;
  for (const [index, { recipient }] of rows.entries()) {
    if (!refused.has(recipient)) continue;
    faults.reasons.push(
      `Payout ${index + 1} pays ${recipient}, which is the token, the factory or the vault itself.`,
    );
    named += 1;
    if (named === MAX_RECIPIENTS_NAMED) return;
  }
}

/** Field by field, so that a refusal can say what differs; the comparison of the whole bytes comes after it. */
function expectCalls(faults: Faults, data: Hex, vault: string, expected: OpenParams, pins: IntentPins): void {
  const [funding, opening] = decodeMultiSend(data);
  faults.expect('The first call’s target (the token)', funding.to, pins.token.address);
  faults.expect('The second call’s target (the factory)', opening.to, pins.factory);
  const transfer = decodeFunctionData({ abi: erc20Abi, data: funding.data });
  const open = decodeFunctionData({ abi: payoutVaultFactoryAbi, data: opening.data });
  faults.expect('The first call’s function', transfer.functionName, 'transfer');
  faults.expect('The second call’s function', open.functionName, 'open');
  if (transfer.functionName !== 'transfer' || open.functionName !== 'open') return;
  faults.expect('The transfer’s recipient (the vault)', transfer.args[0], vault);
  faults.expect('The transfer’s amount', transfer.args[1], expected.total);
  const [params] = open.args;
  for (const field of Object.keys(expected) as (keyof OpenParams)[]) {
    faults.expect(`open’s ${field}`, params[field], expected[field]);
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
