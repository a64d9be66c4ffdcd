import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('.', import.meta.url));

/**
 * Installs the peers' packages, which are bench/package.json's alone and locked there, unless they are installed. They lie
 * nested, so that none of theirs is taken for one of ours.
 */
export async function installPeers(say: (line: string) => void): Promise<void> {
  if (existsSync(`${BENCH}node_modules/@safe-global/protocol-kit`)) return;
  say('Installing the peers that are measured (npm ci in bench/)…');
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: BENCH,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`npm ci in bench/ ended with ${code}.`);
}
