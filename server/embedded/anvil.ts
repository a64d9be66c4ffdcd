import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { commandLineOf, endProcess, isProcessAlive, spawnDetached } from './detachedProcess.ts';
import { EmbeddedError } from './embeddedError.ts';
import { executableFile } from './executableFile.ts';
import { freePort, isPortFree } from './freePort.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

/** The embedded chain's id, and the only one on which development keys and tokens work. */
export const EMBEDDED_CHAIN_ID = 31_337;
/** Room for 150 full payout chunks a block: the embedded chain is not what limits a measurement. */
export const BLOCK_GAS_LIMIT = 3_000_000_000n;

const HOST = '127.0.0.1';
/** States kept for reading at old blocks and for reorgs, unless told otherwise; each is a copy of all accounts. */
const MAX_STATES_IN_MEMORY = 128;
/** What a power cut may cost at most; a clean stop loses nothing. */
const STATE_INTERVAL_SECONDS = 30;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 20;
const MAX_START_ATTEMPTS = 5;
const LOG_TAIL_CHARACTERS = 2_000;

export type EmbeddedAnvil = {
  rpcUrl: string;
  wsUrl: string;
  chainId: number;
  port: number;
  pid: number;
  /** Ends the node, cleanly: with a kept state, it is on disk. */
  stop(): Promise<void>;
};

export type AnvilOptions = {
  /** Its log, its process id and, with `keepState`, the chain are kept here. */
  dataDirectory: string;
  /** Taken when free, otherwise any other. */
  port?: number;
  chainId?: number;
  /** A block each so many seconds. Neither this nor `noMining`: a block for each transaction. */
  blockTimeSeconds?: number;
  /** Blocks only when asked for, by evm_mine. */
  noMining?: boolean;
  /** The chain goes on where it was after a stop. */
  keepState?: boolean;
  /** A dump to begin from, when there is no kept state. */
  loadStatePath?: string;
  /** How many blocks' states can be read. */
  keptStates?: number;
};

/**
 * Starts a real EVM node (anvil) from npm's binary, in a process group of its own, or adopts the one that runs on this
 * data directory already, as it was started.
 * @throws EmbeddedError with what to do
 */
export async function startAnvil(options: AnvilOptions): Promise<EmbeddedAnvil> {
  mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 });
  const chainId = options.chainId ?? EMBEDDED_CHAIN_ID;
  const running = (await adopt(options.dataDirectory, chainId)) ?? (await start(options, chainId));
  return {
    rpcUrl: `http://${HOST}:${running.port}`,
    wsUrl: `ws://${HOST}:${running.port}`,
    chainId,
    ...running,
    stop: async () => {
      await stopAnvil(options.dataDirectory);
    },
  };
}

/** Ends the anvil of a data directory, if it runs. @returns whether it did */
export async function stopAnvil(dataDirectory: string): Promise<boolean> {
  const running = runningAnvil(dataDirectory);
  if (running === null) return false;
  await endProcess(running.pid, 'SIGTERM', STOP_TIMEOUT_MS);
  return true;
}

/** Ends the anvil of a data directory and deletes its chain. */
export async function removeAnvil(dataDirectory: string): Promise<void> {
  await stopAnvil(dataDirectory);
  rmSync(dataDirectory, { recursive: true, force: true });
}

/** The node that runs on this directory already; null when none does, or it is ending. */
async function adopt(dataDirectory: string, chainId: number): Promise<Running | null> {
  const running = runningAnvil(dataDirectory);
  if (running === null || (await answers(running, chainId, dataDirectory))) return running;
  if (!isProcessAlive(running.pid)) return null;
  throw new EmbeddedError(
    `An anvil runs on ${dataDirectory} (process ${running.pid}, port ${running.port}) but does not answer for chain ${chainId}. Run npm stop, then start again.`,
  );
}

const Running = z.object({ pid: z.number().int().positive(), port: z.number().int().positive() });
type Running = z.infer<typeof Running>;

/** Reads the note that a start left, and believes it only when that process is an anvil on this very directory. */
function runningAnvil(dataDirectory: string): Running | null {
  const path = notePath(dataDirectory);
  if (!existsSync(path)) return null;
  const running = Running.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (!isProcessAlive(running.pid)) return null;
  return commandLineOf(running.pid)?.includes(cachePath(dataDirectory)) === true ? running : null;
}

async function start(options: AnvilOptions, chainId: number): Promise<Running> {
  const binary = anvilBinary(options.dataDirectory);
  const logPath = join(options.dataDirectory, 'anvil.log');
  for (let attempt = 1; ; attempt++) {
    const wanted = options.port !== undefined && (await isPortFree(options.port)) ? options.port : null;
    const port = wanted ?? (await freePort());
    rmSync(logPath, { force: true });
    rmSync(listeningPath(options.dataDirectory), { force: true });
    const { pid } = await spawnDetached({
      command: binary,
      args: flags(options, chainId, port),
      logPath,
      workingDirectory: options.dataDirectory,
      dataDirectory: options.dataDirectory,
      user: null,
    });
    const running = { pid, port };
    writeFileAtomically(notePath(options.dataDirectory), `${JSON.stringify(running)}\n`);
    if (await answers(running, chainId, options.dataDirectory)) return running;
    await endProcess(pid, 'SIGTERM', STOP_TIMEOUT_MS);
    const log = readFileSync(logPath, 'utf8');
    // Its port was taken in the meantime.
    if (/address already in use/i.test(log) && attempt < MAX_START_ATTEMPTS) continue;
    throw new EmbeddedError(
      `The EVM node (anvil) does not start. Its log (${logPath}) says:\n${log.slice(-LOG_TAIL_CHARACTERS).trim()}\nIf its chain is damaged, npm run reset forgets it and begins a new one.`,
    );
  }
}

function flags(options: AnvilOptions, chainId: number, port: number): string[] {
  const statePath = join(options.dataDirectory, 'state.json');
  const continues = options.keepState === true && existsSync(statePath);
  return [
    ...['--host', HOST, '--port', String(port), '--chain-id', String(chainId), '--quiet'],
    ...['--gas-limit', String(BLOCK_GAS_LIMIT)],
    // EIP-7825, as on mainnet: what fits here fits there.
    '--enable-tx-gas-limit',
    ...['--prune-history', String(options.keptStates ?? MAX_STATES_IN_MEMORY)],
    ...['--cache-path', cachePath(options.dataDirectory)],
    ...['--config-out', listeningPath(options.dataDirectory)],
    ...(options.blockTimeSeconds === undefined ? [] : ['--block-time', String(options.blockTimeSeconds)]),
    ...(options.noMining === true ? ['--no-mining'] : []),
    ...(options.keepState === true
      ? ['--dump-state', statePath, '--state-interval', String(STATE_INTERVAL_SECONDS)]
      : []),
    ...(continues ? ['--load-state', statePath] : []),
    ...(!continues && options.loadStatePath !== undefined ? ['--load-state', options.loadStatePath] : []),
  ];
}

/** The installed binary, or an executable copy of it when its execute bit got lost on the way here. */
function anvilBinary(dataDirectory: string): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  let installed: string;
  try {
    const anvil = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
    installed = join(dirname(createRequire(anvil).resolve(`${name}/package.json`)), 'bin', 'anvil');
  } catch (cause) {
    throw new EmbeddedError(
      `There is no anvil for ${process.platform} on ${process.arch} in node_modules (${name}). Run npm ci on this machine, or start the processes by themselves with CHAINS set (ops/README.md).`,
      { cause },
    );
  }
  return executableFile(installed, join(dataDirectory, 'anvil'));
}

/** Waits until the node answers with its chain id. @returns false when it ended, or did not in START_TIMEOUT_MS */
async function answers(running: Running, chainId: number, dataDirectory: string): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (isProcessAlive(running.pid) && Date.now() < deadline) {
    try {
      const response = await fetch(`http://${HOST}:${running.port}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const { result } = (await response.json()) as { result?: string };
      // Another stack's node may have taken the port a moment ago: ours would be about to end, then.
      if (result !== undefined && existsSync(listeningPath(dataDirectory))) return Number(result) === chainId;
    } catch {
      // Not listening yet.
    }
    await delay(POLL_INTERVAL_MS);
  }
  return false;
}

function notePath(dataDirectory: string): string {
  return join(dataDirectory, 'process.json');
}

/** anvil writes this file (its `--config-out`) once it holds its port, and never when it could not have it. */
function listeningPath(dataDirectory: string): string {
  return join(dataDirectory, 'listening.json');
}

function cachePath(dataDirectory: string): string {
  return join(dataDirectory, 'cache');
}
