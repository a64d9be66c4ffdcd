import { getAddress, type Hex, keccak256, stringToBytes } from 'viem';
import { readHex } from './hexBytes.ts';
import { MANIFEST_FORMAT, type Manifest } from './manifest.ts';

type ManifestHeader = Omit<Manifest, 'chunks'>;

/**
 * A manifest file piece by piece: the header, then a line for each chunk. JSON, and deterministic to the byte: fixed
 * field order, checksummed addresses, no optional fields, so that its hash identifies it.
 */
export function* manifestPieces(
  header: ManifestHeader,
  chunks: Iterable<Uint8Array>,
): Generator<string, void> {
  const text = headerText(header);
  yield `${text.slice(0, -1)},"checksum":"${headerChecksum(text)}","chunks":[`;
  let separator = '\n';
  for (const chunk of chunks) {
    yield `${separator}"${readHex(chunk, 0, chunk.length)}"`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** A manifest file as one string; 100,000 payouts are about 6.5 MB. */
export function encodeManifest(manifest: Manifest): string {
  return [...manifestPieces(manifest, manifest.chunks)].join('');
}

/**
 * keccak256 of the header's JSON as UTF-8. With the root, which covers the rows, it notices any damage to the file. It
 * proves nothing about who wrote it: what is signed is recomputed from the rows.
 */
export function manifestChecksum(header: ManifestHeader): Hex {
  return headerChecksum(headerText(header));
}

function headerText(header: ManifestHeader): string {
  return JSON.stringify({
    format: MANIFEST_FORMAT,
    caip2: `eip155:${header.chainId}`,
    factory: getAddress(header.factory),
    implementation: getAddress(header.implementation),
    payer: getAddress(header.payer),
    batchId: header.batchId.toLowerCase(),
    token: getAddress(header.token),
    tokenDecimals: header.tokenDecimals,
    tokenSymbol: header.tokenSymbol,
    total: header.total.toString(),
    root: header.root.toLowerCase(),
    gasPerPayout: header.gasPerPayout,
    chunkCount: header.chunkCount,
    openBy: Number(header.openBy),
    closeAfter: Number(header.closeAfter),
  });
}

function headerChecksum(text: string): Hex {
  return keccak256(stringToBytes(text));
}
