import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keccak256, recoverAddress } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyFileError, openKeyFile, writeKeyFile } from './keyFile.ts';

const PASSPHRASE = 'correct horse battery staple';
const privateKey = generatePrivateKey();
let directory: string;
let path: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'key-file-'));
  path = join(directory, 'relayer.json');
  await writeKeyFile(path, PASSPHRASE, privateKey);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('what was sealed signs as the key it was', async () => {
  const key = await openKeyFile(path, PASSPHRASE);
  const { address } = privateKeyToAccount(privateKey);
  expect(key.address).toBe(address);
  const hash = keccak256('0x07');
  expect(await recoverAddress({ hash, signature: await key.sign({ hash }) })).toBe(address);
});

test('the file shows neither key nor passphrase, and is its owner’s alone', () => {
  const text = readFileSync(path, 'utf8');
  expect(text).not.toContain(privateKey.slice(2));
  expect(text).not.toContain(PASSPHRASE);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('an existing file is never overwritten', async () => {
  const before = readFileSync(path, 'utf8');
  await expect(writeKeyFile(path, PASSPHRASE, generatePrivateKey())).rejects.toThrow(KeyFileError);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('another passphrase does not open it', async () => {
  await expect(openKeyFile(path, `${PASSPHRASE} `)).rejects.toThrow('does not open');
});

const ALTERATIONS = ['address', 'salt', 'iv', 'ciphertext', 'tag'] as const;
test.each(ALTERATIONS)('a file with an altered %s does not open', async (field) => {
  const altered = join(directory, `${field}.json`);
  const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  const value = file[field] ?? '';
  const lastDigit = value.endsWith('0') ? '1' : '0';
  writeFileSync(altered, JSON.stringify({ ...file, [field]: value.slice(0, -1) + lastDigit }));
  await expect(openKeyFile(altered, PASSPHRASE)).rejects.toThrow('does not open');
});

test.each(['', '{}', '[]', '{"version":2}'])('%j is no key file', async (text) => {
  const broken = join(directory, 'broken.json');
  writeFileSync(broken, text);
  await expect(openKeyFile(broken, PASSPHRASE)).rejects.toThrow('cannot be read');
});
