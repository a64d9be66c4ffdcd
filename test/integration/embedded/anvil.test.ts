import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  type AnvilOptions,
  BLOCK_GAS_LIMIT,
  removeAnvil,
  startAnvil,
} from '../../../server/embedded/anvil.ts';
import { createEmbeddedChainClient } from '../../../server/embedded/contracts.ts';
import { isProcessAlive, waitForExit } from '../../../server/embedded/detachedProcess.ts';
import { EmbeddedError } from '../../../server/embedded/embeddedError.ts';
import { executableFile } from '../../../server/embedded/executableFile.ts';
import { freePort } from '../../../server/embedded/freePort.ts';
import { temporaryDirectory } from '../../kit/temporaryDirectory.ts';

const KILL_TIMEOUT_MS = 60_000;
const directories: string[] = [];

function dataDirectory(): string {
  const directory = join(temporaryDirectory(), 'chain');
  directories.push(directory);
  return directory;
}

afterEach(async () => {
  for (const directory of directories.splice(0)) await removeAnvil(directory);
});

const start = (dataDirectory: string, options: Partial<AnvilOptions> = {}) =>
  startAnvil({ dataDirectory, noMining: true, keepState: true, ...options });

test('a second start adopts what runs; a stop and a start go on with the same blocks', async () => {
  const directory = dataDirectory();
  const first = await start(directory);
  const client = createEmbeddedChainClient(first.rpcUrl);
  await client.mine({ blocks: 5 });
  const block = await client.getBlock();
  expect(block.gasLimit).toBe(BLOCK_GAS_LIMIT);
  const second = await start(directory);
  expect({ pid: second.pid, port: second.port }).toEqual({ pid: first.pid, port: first.port });
  await second.stop();
  expect(isProcessAlive(first.pid)).toBe(false);
  const third = await start(directory);
  const again = createEmbeddedChainClient(third.rpcUrl);
  expect((await again.getBlock()).hash).toBe(block.hash);
});

test('after kill -9 of the node it starts again', async () => {
  const directory = dataDirectory();
  const first = await start(directory);
  process.kill(first.pid, 'SIGKILL');
  await waitForExit(first.pid, KILL_TIMEOUT_MS);
  const second = await start(directory);
  expect(second.pid).not.toBe(first.pid);
});

test('nodes that are started at once, and all want the same port, are different nodes', async () => {
  const port = await freePort();
  const nodes = await Promise.all(Array.from({ length: 4 }, () => start(dataDirectory(), { port })));
  expect(new Set(nodes.map((node) => node.port)).size).toBe(nodes.length);
  const heads = nodes.map(async (node, index) => {
    const client = createEmbeddedChainClient(node.rpcUrl);
    await client.mine({ blocks: index });
    return client.getBlockNumber();
  });
  expect(await Promise.all(heads)).toEqual(nodes.map((_, index) => BigInt(index)));
});

test('takes another port when the wanted one is not free', async () => {
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const anvil = await start(dataDirectory(), { port });
  expect(anvil.port).not.toBe(port);
  other.close();
});

test('a damaged chain is said to be one, with what to do', async () => {
  const directory = dataDirectory();
  const first = await start(directory);
  await first.stop();
  writeFileSync(join(directory, 'state.json'), '{"block":');
  const again = start(directory);
  await expect(again).rejects.toThrow(EmbeddedError);
  await expect(again).rejects.toThrow('npm run reset');
});

test('a program without its execute bit is executed from a copy', () => {
  const directory = temporaryDirectory();
  const program = join(directory, 'program');
  const copy = join(directory, 'copy');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  expect(executableFile(program, copy)).toBe(program);
  chmodSync(program, 0o644);
  expect(executableFile(program, copy)).toBe(copy);
  expect(statSync(copy).mode & 0o111).toBe(0o111);
  expect(existsSync(program)).toBe(true);
});
