// Makes relayer keys: RELAYER_KEY_FILE=… RELAYER_KEY_PASSPHRASE=… npm run --silent relayer-key
// The keys are drawn here and leave this process only sealed. What is printed are the addresses to send gas money to, a line
// each: of all files that are named, those that were there already included.

import { existsSync } from 'node:fs';
import { generatePrivateKey } from 'viem/accounts';
import { openKeyFile, writeKeyFile } from '../payouts/relayer/keyFile.ts';
import { EnvironmentError, readEnvironment } from './env.ts';

const { relayer } = readEnvironment();
if (relayer?.kind !== 'KEY_FILES') {
  throw new EnvironmentError(
    'Set RELAYER_KEY_FILE (a new file, or several with commas) and RELAYER_KEY_PASSPHRASE.',
  );
}
const passphrase = relayer.passphrase.reveal();
const missing = relayer.paths.filter((path) => !existsSync(path));
if (missing.length === 0) throw new EnvironmentError('RELAYER_KEY_FILE names no file that is not there yet.');
for (const path of missing) await writeKeyFile(path, passphrase, generatePrivateKey());
// Read back: a key that nobody can open must not be given money.
for (const path of relayer.paths) console.log((await openKeyFile(path, passphrase)).address);
