import { type Hex, keccak256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { packSafeSignatures } from './packSafeSignatures.ts';
import { recoverSafeSigner } from './recoverSafeSigner.ts';

const ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;
const digest = keccak256('0x1234');
const owner = privateKeyToAccount(`0x${'22'.repeat(32)}`);
const signature = await owner.sign({ hash: digest });
const r = signature.slice(2, 66);
const s = BigInt(`0x${signature.slice(66, 130)}`);
const v = signature.slice(130);
const word = (value: bigint) => value.toString(16).padStart(64, '0');
const withV = (byte: number): Hex => `${signature.slice(0, 130) as Hex}${byte.toString(16).padStart(2, '0')}`;

describe('recoverSafeSigner', () => {
  test('gives the signer', async () => {
    expect(await recoverSafeSigner(signature, digest)).toBe(owner.address);
    expect(await recoverSafeSigner(signature, keccak256('0x5678'))).not.toBe(owner.address);
  });

  test.each([
    ['eth_sign of parity 0', withV(31), 'SIGNATURE_ETH_SIGN'],
    ['eth_sign of parity 1', withV(32), 'SIGNATURE_ETH_SIGN'],
    ['a contract signature', withV(0), 'SIGNATURE_NOT_ECDSA'],
    ['an approved hash', withV(1), 'SIGNATURE_NOT_ECDSA'],
    ['another v', withV(29), 'SIGNATURE_MALFORMED'],
    ['v 33', withV(33), 'SIGNATURE_MALFORMED'],
    [
      'the same signature with high s',
      `0x${r}${word(ORDER - s)}${v === '1b' ? '1c' : '1b'}`,
      'SIGNATURE_HIGH_S',
    ],
    ['s of zero', `0x${r}${word(0n)}${v}`, 'SIGNATURE_MALFORMED'],
    ['s beyond the order', `0x${r}${word(ORDER + 1n)}${v}`, 'SIGNATURE_MALFORMED'],
    ['r of zero', `0x${word(0n)}${word(s)}${v}`, 'SIGNATURE_MALFORMED'],
    ['r of the order', `0x${word(ORDER)}${word(s)}${v}`, 'SIGNATURE_MALFORMED'],
    ['r that is no point', `0x${word(5n)}${word(s)}${v}`, 'SIGNATURE_UNRECOVERABLE'],
    ['64 bytes', signature.slice(0, 130), 'SIGNATURE_MALFORMED'],
    ['66 bytes', `${signature}00`, 'SIGNATURE_MALFORMED'],
    ['nothing', '0x', 'SIGNATURE_MALFORMED'],
    ['no text', null as unknown as Hex, 'SIGNATURE_MALFORMED'],
  ])('refuses %s', async (_, refused, code) => {
    await expect(recoverSafeSigner(refused as Hex, digest)).rejects.toMatchObject({ code });
  });
});

describe('packSafeSignatures', () => {
  const first = { owner: `0x${'0a'.repeat(20)}`, signature } as const;
  const second = { owner: `0x${'0B'.repeat(20)}`, signature: withV(29) } as const;

  test('sorts by owner, whatever the case', () => {
    expect(packSafeSignatures([second, first])).toBe(`${signature}${withV(29).slice(2)}`);
  });

  test('refuses an owner twice and a signature of another length', () => {
    expect(() => packSafeSignatures([second, first, { ...second, owner: `0x${'0b'.repeat(20)}` }])).toThrow(
      'twice',
    );
    expect(() => packSafeSignatures([{ ...first, signature: '0x12' }])).toThrow('65 bytes');
  });
});
