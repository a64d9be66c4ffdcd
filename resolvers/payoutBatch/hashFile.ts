import { createHash } from 'node:crypto';
import { readPieces } from '../../payroll/file/readPieces.ts';

/** SHA-256 over a file's bytes, in pieces. */
export async function hashFile(file: Blob): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(file)) hash.update(piece);
  return hash.digest();
}
