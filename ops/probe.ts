// node ops/probe.ts URL | --rpc URL: ends with 0 when the address answers well. For containers' health checks.
import { parseArgs } from 'node:util';

const TIMEOUT_MS = 3_000;

const { values, positionals } = parseArgs({
  options: { rpc: { type: 'string' } },
  allowPositionals: true,
});
const url = values.rpc ?? positionals[0] ?? '';
const question = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
};
const answer = await fetch(url, {
  ...(values.rpc === undefined ? {} : question),
  signal: AbortSignal.timeout(TIMEOUT_MS),
}).catch(() => null);
process.exit(answer?.ok === true ? 0 : 1);
