import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey } from 'viem/accounts';
import { afterAll, expect, test } from 'vitest';
import { EmbeddedError } from './embeddedError.ts';
import { embeddedRelayerKeys } from './relayerKey.ts';

const directory = mkdtempSync(join(tmpdir(), 'relayer-keys-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('two keys are made at the first start, and are the same from then on', () => {
  const path = join(directory, 'first');
  const keys = embeddedRelayerKeys(path);
  expect(new Set(keys).size).toBe(2);
  expect(embeddedRelayerKeys(path)).toEqual(keys);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a checkout that had one key keeps it, and gets another', () => {
  const path = join(directory, 'older');
  const key = generatePrivateKey();
  writeFileSync(path, `${key}\n`);
  expect(embeddedRelayerKeys(path)).toEqual([key, expect.stringMatching(/^0x[0-9a-f]{64}$/)]);
  expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`^${key}\n0x[0-9a-f]{64}\n$`));
});

test('a damaged file is left as it is', () => {
  const path = join(directory, 'damaged');
  writeFileSync(path, `${generatePrivateKey()}\nhunter2\n`);
  expect(() => embeddedRelayerKeys(path)).toThrow(EmbeddedError);
  expect(readFileSync(path, 'utf8')).toContain('hunter2');
});
