// Makes a relayer key: RELAYER_KEY_FILE=… RELAYER_KEY_PASSPHRASE=… npm run --silent relayer-key
// The key is drawn here and leaves this process only sealed. What is printed is the address to send gas money to.

import { generatePrivateKey } from 'viem/accounts';
import { openKeyFile, writeKeyFile } from '../payouts/relayer/keyFile.ts';
import { EnvironmentError, readEnvironment } from './env.ts';

const { relayer } = readEnvironment();
if (relayer?.kind !== 'KEY_FILE') {
  throw new EnvironmentError('Set RELAYER_KEY_FILE (a new file) and RELAYER_KEY_PASSPHRASE.');
}
const passphrase = relayer.passphrase.reveal();
await writeKeyFile(relayer.path, passphrase, generatePrivateKey());
// Read back: a key that nobody can open must not be given money.
const { address } = await openKeyFile(relayer.path, passphrase);
console.log(address);
