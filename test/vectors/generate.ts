import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chunkVectors } from './chunkVectors.ts';
import { safeVectors } from './safeVectors.ts';

// Writes the vectors that Solidity and TypeScript tests share. With --check it writes nothing and fails on a difference.
const files = { 'chunks.json': chunkVectors(), 'safe.json': await safeVectors() };
const isCheck = process.argv.includes('--check');
for (const [name, content] of Object.entries(files)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (!isCheck) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${name} differs from what the codec makes; run: node test/vectors/generate.ts`);
    process.exitCode = 1;
  }
}
