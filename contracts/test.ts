import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type ForgeTest, forgeTest, MIN_SUCCESSFUL_HANDLER_CALLS } from './forgeTest.ts';

/** `npm run contracts:test [-- --seed 0x…]`: all forge tests. Exits with 1 if one fails or a handler did too little. */

/** What pays: the handler's functions that must have succeeded often enough by themselves. */
const PAYING_CALLS = ['execute', 'retry'];

const started = performance.now();
const seed = argument('--seed') ?? `0x${randomBytes(8).toString('hex')}`;
const tests = await forgeTest({ seed });
for (const test of tests) console.log(line(test));
const idle = tests.filter((test) => test.successfulCalls).flatMap(handlerFaults);
for (const fault of idle) console.error(fault);

const failed = tests.filter((test) => test.failure !== undefined);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(`${tests.length - failed.length} passed, ${failed.length} failed, ${seconds} s, --seed ${seed}`);
if (failed.length > 0 || idle.length > 0) process.exitCode = 1;

function line(test: ForgeTest): string {
  const runs = test.runs === undefined ? '' : ` (${test.runs} runs)`;
  const heading = `${test.failure === undefined ? 'ok  ' : 'FAIL'} ${test.contract}.${test.name}${runs}`;
  const calls = [...(test.successfulCalls ?? [])].map(
    ([name, count]) => `       ${name}: ${count} successful calls`,
  );
  return [heading, ...calls, ...(test.failure === undefined ? [] : [`       ${test.failure}`])].join('\n');
}

/** A failing invariant stops early; its own failure says enough. */
function handlerFaults(test: ForgeTest): string[] {
  if (test.failure !== undefined) return [];
  const calls = test.successfulCalls ?? new Map<string, number>();
  const paying = PAYING_CALLS.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0);
  if (paying >= MIN_SUCCESSFUL_HANDLER_CALLS) return [];
  return [
    `${test.contract}.${test.name}: ${paying} successful payments, at least ${MIN_SUCCESSFUL_HANDLER_CALLS} are needed`,
  ];
}

function argument(name: string): string | undefined {
  const index = process.argv.indexOf(name);
  return index === -1 ? undefined : process.argv[index + 1];
}
