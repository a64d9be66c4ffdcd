#!/usr/bin/env node
// The npm compiler (wasm) behind the two flags of the native one that forge uses. Path flags are ignored: forge sends
// every source's content in the standard JSON input.
const { readFileSync } = require('node:fs');
const solc = require('solc');

const flags = process.argv.slice(2);
if (flags.includes('--version')) {
  const version = solc.version().replace(/\.Emscripten\.clang$/, '.Linux.g++');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else if (flags.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
} else {
  process.stderr.write(`unsupported flags: ${flags.join(' ')}\n`);
  process.exitCode = 1;
}
