import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner reads; whoever reads it sees the old content or the new, never a part. */
export function writeFileAtomically(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}
