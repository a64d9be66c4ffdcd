// npm run reset: ends everything and forgets the data of npm start: database, chain, keys, logs.
import { rmSync } from 'node:fs';
import { stopStack } from './embedded/embeddedStack.ts';
import { removePostgres } from './embedded/postgres.ts';
import { stackDirectory } from './embedded/stackDirectory.ts';
import { readEnvironment } from './env.ts';

const directory = stackDirectory(readEnvironment().dataDirectory);
await stopStack(directory);
await removePostgres(directory.postgres);
rmSync(directory.root, { recursive: true, force: true });
console.log(`Forgot everything in ${directory.root}. npm start begins anew.`);
