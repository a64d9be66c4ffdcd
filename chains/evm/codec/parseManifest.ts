import { type Address, getAddress, type Hex, isAddress } from 'viem';
import { z } from 'zod';
import { payoutLimits } from '../../../contracts/abi/limits.ts';
import { MAX_PAYOUTS_PER_BATCH } from '../../../core/limits.ts';
import { CodecError } from './codecError.ts';
import { manifestChecksum } from './encodeManifest.ts';
import { writeHex } from './hexBytes.ts';
import { MANIFEST_FORMAT, type Manifest, manifestTree } from './manifest.ts';
import { MAX_CHUNKS_PER_BATCH, maxRowsPerChunk } from './payoutGas.ts';
import { ROW_BYTES } from './payoutRow.ts';
import { unpackRows } from './unpackRows.ts';

/** 100,000 payouts in chunks of one row take about 7 million. */
export const MAX_MANIFEST_CHARACTERS = 16 * 1024 * 1024;

/** What fits uint256 at all; real tokens have 0 to 24. */
const MAX_TOKEN_DECIMALS = 77;
const MAX_TOKEN_SYMBOL_CHARACTERS = 32;
/** The last second that has a calendar date of four-digit year. */
const MAX_UNIX_SECONDS = 253_402_300_799;
const MAX_TOTAL_UNITS = 2n ** 128n - 1n;

const address = z
  .string()
  .refine(
    (text) => isAddress(text),
    'expected an address of 20 bytes, in lower case or with a valid checksum',
  )
  .transform((text): Address => getAddress(text));
const bytes32 = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'expected 32 bytes in lower-case hexadecimal digits')
  .transform((text) => text as Hex);
const unixSeconds = z.int().min(1).max(MAX_UNIX_SECONDS).transform(BigInt);

const manifestFile = z.strictObject({
  format: z.literal(MANIFEST_FORMAT),
  caip2: z
    .string()
    .regex(/^eip155:[1-9]\d{0,15}$/, 'expected eip155: and a chain id')
    .transform((text) => Number(text.slice('eip155:'.length)))
    .refine(Number.isSafeInteger, 'expected a chain id below 2^53'),
  factory: address,
  implementation: address,
  payer: address,
  batchId: bytes32,
  token: address,
  tokenDecimals: z.int().min(0).max(MAX_TOKEN_DECIMALS),
  tokenSymbol: z
    .string()
    .max(MAX_TOKEN_SYMBOL_CHARACTERS)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'expected printable characters'),
  total: z
    .string()
    .regex(/^[1-9]\d{0,38}$/, 'expected base units in decimal digits')
    .transform(BigInt)
    .refine((units) => units <= MAX_TOTAL_UNITS, 'expected at most 2^128 − 1 base units'),
  root: bytes32,
  gasPerPayout: z.int().min(payoutLimits.minGasPerPayout).max(payoutLimits.maxGasPerPayout),
  chunkCount: z.int().min(1).max(MAX_CHUNKS_PER_BATCH),
  openBy: unixSeconds,
  closeAfter: unixSeconds,
  checksum: bytes32,
  chunks: z.array(z.string()).min(1).max(MAX_CHUNKS_PER_BATCH),
});

/**
 * Reads a manifest file and believes nothing in it: every field is bounded, unknown fields are refused, and total, root,
 * chunk count and checksum are computed again from the rows and the header.
 *
 * @throws CodecError whose `field` names the part at fault, such as `chunks[3]`
 */
export function parseManifest(text: string): Manifest {
  const { format: _, caip2: chainId, checksum, chunks: chunkTexts, ...header } = parseFields(text);
  const chunks = chunkTexts.map(parseChunk);
  const manifest: Manifest = { chainId, ...header, chunks };
  checkRows(manifest);
  checkEqual('chunkCount', chunks.length, manifest.chunkCount);
  checkEqual('root', manifestTree(manifest).root, manifest.root);
  if (manifest.closeAfter < manifest.openBy) throw new CodecError('closeAfter', 'lies before openBy.');
  checkEqual('checksum', manifestChecksum(manifest), checksum);
  return manifest;
}

function parseFields(text: string): z.output<typeof manifestFile> {
  if (text.length > MAX_MANIFEST_CHARACTERS) {
    throw new CodecError('manifest', `is longer than ${MAX_MANIFEST_CHARACTERS} characters.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CodecError('manifest', 'is not JSON.', { cause });
  }
  const result = manifestFile.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const field = [...(issue?.path ?? []), ...unknown.slice(0, 1)].join('.') || 'manifest';
  throw new CodecError(field, unknown.length > 0 ? 'is not a field of a manifest.' : `${issue?.message}.`);
}

function parseChunk(hex: string, index: number): Uint8Array {
  const size = Math.max(0, Math.floor((hex.length - 2) / 2));
  const chunk = new Uint8Array(size);
  writeHex(hex, size, chunk, 0, `chunks[${index}]`);
  return chunk;
}

/** Rows that can be paid, no more of them in a chunk than one transaction can pay, and their sum. */
function checkRows({ chunks, gasPerPayout, total }: Manifest): void {
  const maxRows = maxRowsPerChunk(gasPerPayout);
  let sum = 0n;
  let rowCount = 0;
  for (const [index, chunk] of chunks.entries()) {
    const rows = rowsOf(chunk, index);
    if (rows.length < 1 || rows.length > maxRows) {
      throw new CodecError(
        `chunks[${index}]`,
        `expected 1 to ${maxRows} rows of ${ROW_BYTES} bytes, found ${rows.length}.`,
      );
    }
    for (const { units } of rows) sum += units;
    rowCount += rows.length;
  }
  if (rowCount > MAX_PAYOUTS_PER_BATCH) {
    throw new CodecError('chunks', `expected at most ${MAX_PAYOUTS_PER_BATCH} payouts, found ${rowCount}.`);
  }
  checkEqual('total', sum, total);
}

function rowsOf(chunk: Uint8Array, index: number) {
  try {
    return unpackRows(chunk);
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause;
    throw new CodecError(`chunks[${index}]`, cause.message, { cause });
  }
}

function checkEqual<T extends string | number | bigint>(field: string, computed: T, stated: T): void {
  if (computed !== stated)
    throw new CodecError(field, `the file says ${stated}, its content gives ${computed}.`);
}
