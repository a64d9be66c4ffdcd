import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort, isPortFree } from './freePort.ts';

// Drawn without a reservation, about seven of them would be given twice.
const PORTS = 200;
const DRAW = `
  const { freePort } = await import(process.argv[1]);
  const ports = await Promise.all(Array.from({ length: ${PORTS} }, () => freePort()));
  console.log(JSON.stringify(ports));
  process.exit();`;

test('no port is given twice, within a process or to two of them, and each can be listened on', async () => {
  const here = await Promise.all(Array.from({ length: PORTS }, () => freePort()));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    DRAW,
    new URL('./freePort.ts', import.meta.url).href,
  ]);
  const there: number[] = JSON.parse(stdout);
  expect(there).toHaveLength(PORTS);
  expect(new Set([...here, ...there]).size).toBe(2 * PORTS);
  expect(await isPortFree(here[0] ?? 0)).toBe(true);
});
