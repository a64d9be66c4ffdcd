import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a run of forge left behind. */
export interface ForgeResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The checkout's root. */
export const repositoryRoot = dirname(import.meta.dirname);

/**
 * Runs forge offline, with the compiler from npm and contracts/foundry.toml.
 *
 * `root` is the folder that foundry.toml's paths start from; it must hold `contracts` and `node_modules`. Resolves also if
 * forge fails: see `exitCode`. Throws only if forge cannot be started.
 */
export async function forge(args: readonly string[], root: string = repositoryRoot): Promise<ForgeResult> {
  const child = spawn(process.execPath, [forgeScript(), ...args, '--root', root], {
    cwd: root,
    env: {
      ...process.env,
      FOUNDRY_CONFIG: join(root, 'contracts', 'foundry.toml'),
      FOUNDRY_SOLC: writeSolcLauncher(root),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { exitCode, stdout, stderr };
}

function forgeScript(): string {
  const manifest = createRequire(import.meta.url).resolve('@foundry-rs/forge/package.json');
  return join(dirname(manifest), 'bin.mjs');
}

/** forge wants an executable file; a checkout may have lost that bit, or the `node` of its first line. */
function writeSolcLauncher(root: string): string {
  const directory = join(root, 'contracts', 'cache');
  const launcher = join(directory, 'solc');
  mkdirSync(directory, { recursive: true });
  const script = join(root, 'contracts', 'solc.cjs');
  writeFileSync(launcher, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(script)} "$@"\n`);
  chmodSync(launcher, 0o755);
  return launcher;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
