import { existsSync, readFileSync } from 'node:fs';
import { type Hex, isHex } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { EmbeddedError } from './embeddedError.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

const KEY_CHARACTERS = 66;

/** This checkout's own key for paying gas on the embedded chain, made at the first start; only its owner reads the file. */
export function embeddedRelayerKey(path: string): Hex {
  if (!existsSync(path)) writeFileAtomically(path, `${generatePrivateKey()}\n`);
  const key = readFileSync(path, 'utf8').trim();
  if (isHex(key) && key.length === KEY_CHARACTERS) return key;
  throw new EmbeddedError(`The relayer's key file ${path} is damaged. Run npm run reset to begin anew.`);
}
