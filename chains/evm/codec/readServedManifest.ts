import { type Hex, hexToBytes } from 'viem';
import { CodecError } from './codecError.ts';
import { type Manifest, manifestRows } from './manifest.ts';
import { MAX_MANIFEST_CHARACTERS, parseManifest } from './parseManifest.ts';
import type { PayoutRow } from './payoutRow.ts';
import { type DifferentPart, type RequestDifference, shorten } from './requestDifference.ts';
import { unpackRows } from './unpackRows.ts';

/** A manifest that somebody sent. Of one that is not sound the rows may still be readable: they tell what was changed. */
export type ServedManifest = {
  readonly manifest: Manifest | null;
  readonly rows: readonly PayoutRow[] | null;
  readonly fault: RequestDifference | null;
};

/** Fields whose fault has a name of its own. */
const PARTS: Readonly<Record<string, DifferentPart>> = {
  total: 'TOTAL',
  root: 'ROOT',
  chunkCount: 'CHUNK_COUNT',
  openBy: 'OPEN_BY',
  closeAfter: 'CLOSE_AFTER',
};

/** Reads a manifest and never throws: a fault is told as a difference. */
export function readServedManifest(text: string): ServedManifest {
  try {
    const manifest = parseManifest(text);
    return { manifest, rows: manifestRows(manifest), fault: null };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'unknown fault';
    const fault: RequestDifference = {
      what: (cause instanceof CodecError ? PARTS[cause.field] : undefined) ?? 'MANIFEST',
      source: 'MANIFEST',
      expected: null,
      found: null,
      sentence: `The manifest is not sound (${shorten(message)})`,
    };
    return { manifest: null, rows: readRowsLeniently(text), fault };
  }
}

function readRowsLeniently(text: string): PayoutRow[] | null {
  if (text.length > MAX_MANIFEST_CHARACTERS) return null;
  try {
    const { chunks } = JSON.parse(text) as { chunks: string[] };
    return chunks.flatMap((chunk) => unpackRows(hexToBytes(chunk as Hex)));
  } catch {
    return null;
  }
}
