import { existsSync, readFileSync } from 'node:fs';
import { type Hex, isHex } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import { EmbeddedError } from './embeddedError.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

const KEY_CHARACTERS = 66;
/** Two lanes: what holds one up holds up half of the work. */
const EMBEDDED_RELAYERS = 2;

/** This checkout's own keys for paying gas on the embedded chain, made at the first start; only its owner reads the file. */
export function embeddedRelayerKeys(path: string): Hex[] {
  const keys = existsSync(path) ? readKeys(path) : [];
  if (keys.length >= EMBEDDED_RELAYERS) return keys;
  const added = Array.from({ length: EMBEDDED_RELAYERS - keys.length }, () => generatePrivateKey());
  writeFileAtomically(path, `${[...keys, ...added].join('\n')}\n`);
  return [...keys, ...added];
}

function readKeys(path: string): Hex[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((key) => {
      if (isHex(key) && key.length === KEY_CHARACTERS) return key;
      throw new EmbeddedError(`The relayers' key file ${path} is damaged. Run npm run reset to begin anew.`);
    });
}
