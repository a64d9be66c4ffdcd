import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentUsdcAbi } from '../../../contracts/abi/developmentUsdc.ts';
import { openApiSession } from '../../../server/embedded/apiSession.ts';
import { createEmbeddedChainClient } from '../../../server/embedded/contracts.ts';
import { commandLineOf, isProcessAlive, waitForExit } from '../../../server/embedded/detachedProcess.ts';
import { developmentAccount } from '../../../server/embedded/developmentAccounts.ts';
import type { StackFile } from '../../../server/embedded/embeddedStack.ts';
import { freePort, isPortFree } from '../../../server/embedded/freePort.ts';
import { postgresLocation } from '../../../server/embedded/postgresLocation.ts';
import { temporaryDirectory } from '../../kit/temporaryDirectory.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXIT_TIMEOUT_MS = 120_000;
const RECOVERY_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 100;

let dataDirectory: string;
let port: number;
let running: Command;

type Command = { child: ChildProcess; output: () => string; exited: Promise<number | null> };

function command(script: string, environment: Record<string, string> = {}): Command {
  const child = spawn(process.execPath, [join(ROOT, script)], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIRECTORY: dataDirectory, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => output, exited };
}

async function run(script: string, environment: Record<string, string> = {}) {
  const { exited, output } = command(script, environment);
  return { code: await exited, output: output() };
}

/** Starts the stack and waits for its summary. */
async function start(): Promise<Command> {
  const started = command('server/start.ts');
  let end: string | null = null;
  started.child.once('close', (code, signal) => {
    end = `It ended (${signal ?? code}): ${started.output()}`;
  });
  while (!started.output().includes('is ready')) {
    if (end !== null) throw new Error(end);
    await delay(POLL_INTERVAL_MS);
  }
  return started;
}

const stackFile = (): StackFile => JSON.parse(readFileSync(join(dataDirectory, 'stack.json'), 'utf8'));
const health = async () => (await fetch(`http://localhost:${port}/health`)).status;

/** Waits until every process says to operators that it is ready. */
async function operationsReady(): Promise<void> {
  const { operations } = stackFile();
  expect(Object.keys(operations)).toEqual(['api', 'worker', 'indexer']);
  const deadline = Date.now() + RECOVERY_TIMEOUT_MS;
  for (const [role, url] of Object.entries(operations)) {
    for (let answer = ''; answer !== '200'; await delay(POLL_INTERVAL_MS)) {
      const response = await fetch(`${url}/health`).catch(() => null);
      answer = response?.ok ? '200' : `${response?.status} ${await response?.text()}`;
      if (answer !== '200' && Date.now() > deadline) throw new Error(`The ${role} is not ready: ${answer}`);
    }
  }
}

function servicePids(): { postgres: number; chain: number } {
  const { cluster } = postgresLocation(join(dataDirectory, 'postgres'));
  return {
    postgres: Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]),
    chain: JSON.parse(readFileSync(join(dataDirectory, 'chain', 'process.json'), 'utf8')).pid,
  };
}

/** The API, the worker and the indexer of a start. */
function roleProcessesOf(start: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLineOf(pid)?.includes('server/main.ts') === true)
    .filter((pid) => readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${start}\n`));
}

beforeAll(async () => {
  dataDirectory = join(temporaryDirectory(), 'data');
  port = await freePort();
  running = await start();
});
afterAll(async () => {
  await run('server/reset.ts');
});

test('is ready: health, the file for scripts, a funded treasury with three approvers', async () => {
  expect(await health()).toBe(200);
  await operationsReady();
  const stack = stackFile();
  expect(statSync(join(dataDirectory, 'stack.json')).mode & 0o777).toBe(0o600);
  expect(stack).toMatchObject({ api: `http://localhost:${port}`, chainId: 31_337 });
  expect(stack.demo.approvers.map(({ label }) => label)).toEqual(['Alice', 'Bob', 'Carol']);
  const session = await openApiSession(stack.api, developmentAccount(2), stack.chainId);
  const { account } = await session.request<{
    account: { address: `0x${string}`; status: string; threshold: number; approvers: { address: string }[] };
  }>('query Treasury($id: ID!) { account(id: $id) { address status threshold approvers { address } } }', {
    id: stack.demo.accountId,
  });
  expect(account).toMatchObject({ status: 'ACTIVE', threshold: 2 });
  expect(account.approvers.map(({ address }) => address)).toEqual(
    stack.demo.approvers.map(({ address }) => address),
  );
  const balance = await createEmbeddedChainClient(stack.evmRpc).readContract({
    address: stack.contracts.DevelopmentUSDC,
    abi: developmentUsdcAbi,
    functionName: 'balanceOf',
    args: [account.address],
  });
  expect(balance).toBe(1_000_000_000_000n);
});

test('a second start says that it runs, and where', async () => {
  const second = await run('server/start.ts');
  expect(second.code).toBe(1);
  expect(second.output).toContain(
    `already runs here: http://localhost:${port} (process ${running.child.pid})`,
  );
  expect(await health()).toBe(200);
});

test('a taken port is named, with what to do', async () => {
  const taken = await freePort();
  const other = createServer().listen(taken, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const directory = join(dataDirectory, '..', 'other');
  mkdirSync(directory);
  const refused = await run('server/start.ts', { PORT: String(taken), DATA_DIRECTORY: directory });
  other.close();
  expect(refused.code).toBe(1);
  expect(refused.output).toContain(`Port ${taken} of 127.0.0.1 is taken by another program.`);
  expect(refused.output).toContain(`PORT=${taken + 1} npm start`);
});

test('kill -9 of each process alone: it comes back, and health with it', async () => {
  const pids = roleProcessesOf(running.child.pid ?? 0);
  expect(pids.length).toBe(3);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  for (const pid of pids) await waitForExit(pid, EXIT_TIMEOUT_MS);
  const deadline = Date.now() + RECOVERY_TIMEOUT_MS;
  while ((await health().catch(() => 0)) !== 200) {
    if (Date.now() > deadline) throw new Error('Health did not come back');
    await delay(POLL_INTERVAL_MS);
  }
  await operationsReady();
});

test('kill -9 of all but PostgreSQL and the chain: the next start adopts them', async () => {
  const services = servicePids();
  const before = stackFile();
  const pids = [running.child.pid ?? 0, ...roleProcessesOf(running.child.pid ?? 0)];
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  for (const pid of pids) await waitForExit(pid, EXIT_TIMEOUT_MS);
  expect(isProcessAlive(services.postgres) && isProcessAlive(services.chain)).toBe(true);
  running = await start();
  expect(servicePids()).toEqual(services);
  expect(stackFile()).toEqual(before);
});

test('npm stop ends everything, cleanly; a later start goes on where it was', async () => {
  const services = servicePids();
  const before = stackFile();
  const stopped = await run('server/stop.ts');
  expect(stopped.output).toContain(`Stopped the stack at http://localhost:${port}`);
  expect(await running.exited).toBe(0);
  expect(isProcessAlive(services.postgres) || isProcessAlive(services.chain)).toBe(false);
  expect(existsSync(join(dataDirectory, 'stack.json'))).toBe(false);
  expect(await isPortFree(port)).toBe(true);
  expect((await run('server/stop.ts')).output).toContain('Nothing was running.');
  running = await start();
  expect(stackFile().demo).toEqual(before.demo);
});

test('a chain that lost its blocks: one sentence that names npm run reset, and reset begins anew', async () => {
  running.child.kill('SIGINT');
  expect(await running.exited).toBe(0);
  rmSync(join(dataDirectory, 'chain', 'state.json'));
  const refused = await run('server/start.ts');
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/The chain has lost blocks: block \d+ was final .* npm run reset/);
  const reset = await run('server/reset.ts');
  expect(reset.output).toContain('Forgot everything');
  expect(existsSync(dataDirectory)).toBe(false);
});
