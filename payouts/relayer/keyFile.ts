import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { bytesToHex, getAddress, type Hex, hexToBytes, isHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { BaseError } from '../../core/errors.ts';
import type { RelayerKey } from './relayerKey.ts';

// RFC 7914 with OWASP's figures (128 MiB, about half a second), then AES-256-GCM (NIST SP 800-38D).
const SCRYPT_COST = 2 ** 17;
const SCRYPT_BLOCK_SIZE = 8;
const SCRYPT_PARALLELIZATION = 1;
const MAX_SCRYPT_MEMORY_BYTES = 256 * 1024 * 1024;
const SALT_BYTES = 32;
const IV_BYTES = 12;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const OWNER_ONLY = 0o600;

const hexOf = (bytes: number) =>
  z.custom<Hex>((value) => isHex(value, { strict: true }) && value.length === 2 + 2 * bytes);

const KeyFile = z.strictObject({
  version: z.literal(1),
  /** In the clear, so that operators can fund it; authenticated with the key. */
  address: hexOf(20),
  salt: hexOf(SALT_BYTES),
  iv: hexOf(IV_BYTES),
  ciphertext: hexOf(KEY_BYTES),
  tag: hexOf(TAG_BYTES),
});

/** A relayer's key file that cannot be used: unreadable, malformed, altered, or another passphrase's. */
export class KeyFileError extends BaseError {
  override readonly name = 'KeyFileError';
  constructor(message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super('KEY_FILE_UNUSABLE', message, options);
  }
}

/**
 * Seals a private key into a new file that only its owner may read.
 * @throws KeyFileError when the file exists: a key that may have money on it is never overwritten
 */
export async function writeKeyFile(path: string, passphrase: string, privateKey: Hex): Promise<void> {
  const { address } = privateKeyToAccount(privateKey);
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, salt), iv);
  cipher.setAAD(authenticatedData(address));
  const ciphertext = Buffer.concat([cipher.update(hexToBytes(privateKey)), cipher.final()]);
  const file: z.infer<typeof KeyFile> = {
    version: 1,
    address,
    salt: bytesToHex(salt),
    iv: bytesToHex(iv),
    ciphertext: bytesToHex(ciphertext),
    tag: bytesToHex(cipher.getAuthTag()),
  };
  try {
    await writeFile(path, `${JSON.stringify(file, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (cause) {
    throw new KeyFileError(`The relayer's key file ${path} cannot be created.`, { cause });
  }
}

/** Opens a sealed key. @throws KeyFileError */
export async function openKeyFile(path: string, passphrase: string): Promise<RelayerKey> {
  const file = await readKeyFile(path);
  const key = await deriveKey(passphrase, hexToBytes(file.salt));
  const decipher = createDecipheriv('aes-256-gcm', key, hexToBytes(file.iv), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticatedData(file.address));
  decipher.setAuthTag(hexToBytes(file.tag));
  try {
    const privateKey = Buffer.concat([decipher.update(hexToBytes(file.ciphertext)), decipher.final()]);
    return privateKeyToAccount(bytesToHex(privateKey));
  } catch (cause) {
    throw new KeyFileError(
      `The relayer's key file ${path} does not open: the passphrase is another one's, or the file was altered.`,
      { cause },
    );
  }
}

async function readKeyFile(path: string): Promise<z.infer<typeof KeyFile>> {
  try {
    return KeyFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new KeyFileError(`The relayer's key file ${path} cannot be read.`, { cause });
  }
}

function authenticatedData(address: Hex): Buffer {
  return Buffer.from(`relayer key 1 ${getAddress(address)}`, 'utf8');
}

function deriveKey(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFKC'),
      salt,
      KEY_BYTES,
      {
        N: SCRYPT_COST,
        r: SCRYPT_BLOCK_SIZE,
        p: SCRYPT_PARALLELIZATION,
        maxmem: MAX_SCRYPT_MEMORY_BYTES,
      },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    );
  });
}
