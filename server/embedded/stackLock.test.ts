import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedError } from './embeddedError.ts';
import { readStackLock, releaseStackLock, takeStackLock } from './stackLock.ts';

const API = 'http://localhost:4000';
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stack-lock-'));
  path = join(directory, 'start.json');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('is taken once, and again after it was given back', () => {
  expect(takeStackLock(path, API)).toBe(false);
  expect(readStackLock(path)).toMatchObject({ pid: process.pid, api: API });
  expect(() => takeStackLock(path, API)).toThrow(EmbeddedError);
  expect(() => takeStackLock(path, API)).toThrow(`already runs here: ${API} (process ${process.pid})`);
  releaseStackLock(path);
  expect(readStackLock(path)).toBeNull();
  expect(takeStackLock(path, API)).toBe(false);
});

test('of a process that is gone, it is nobody’s', () => {
  // Larger than any process id that Linux gives.
  writeFileSync(path, JSON.stringify({ pid: 5_000_000, startTime: '1', api: API }));
  expect(readStackLock(path)).toBeNull();
  expect(takeStackLock(path, API)).toBe(true);
});

test('of a process whose number is another process now, it is nobody’s', () => {
  takeStackLock(path, API);
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...lock, startTime: '1' }));
  expect(readStackLock(path)).toBeNull();
  expect(takeStackLock(path, API)).toBe(true);
});

test('a start that was killed while it wrote left nothing that holds', () => {
  writeFileSync(path, '{"pid":');
  expect(readStackLock(path)).toBeNull();
  expect(takeStackLock(path, API)).toBe(true);
});
