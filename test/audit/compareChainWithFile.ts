// node test/audit/compareChainWithFile.ts FILE RPC_URL TOKEN [--times N]
// Asks the chain what each recipient of a payroll file holds, and compares it with the file to the unit. It imports
// nothing of this project, on purpose: raw JSON-RPC and the file. `--times`: how often the file was paid (default 1).
// Only for files whose recipients hold nothing else, with plain comma-separated rows. Exit code 1 on any difference.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const BALANCE_OF = '0x70a08231';
const DECIMALS = '0x313ce567';
const CALLS_PER_REQUEST = 500;
const MAX_DIFFERENCES_PRINTED = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '1' } },
});
const [file, rpcUrl, token] = positionals;
if (file === undefined || rpcUrl === undefined || token === undefined) {
  console.error('Usage: node test/audit/compareChainWithFile.ts FILE RPC_URL TOKEN [--times N]');
  process.exit(2);
}

const decimals = Number(BigInt((await ethCalls(rpcUrl, token, [DECIMALS]))[0] ?? '0x0'));
const expected = readExpected(readFileSync(file, 'utf8'), decimals, BigInt(values.times));
const recipients = [...expected.keys()];
const differences: string[] = [];
let total = 0n;
for (let start = 0; start < recipients.length; start += CALLS_PER_REQUEST) {
  const page = recipients.slice(start, start + CALLS_PER_REQUEST);
  const data = page.map((recipient) => BALANCE_OF + recipient.slice(2).padStart(64, '0'));
  for (const [position, balance] of (await ethCalls(rpcUrl, token, data)).entries()) {
    const recipient = page[position] ?? '';
    const found = BigInt(balance);
    total += found;
    if (found !== expected.get(recipient)) {
      differences.push(`${recipient}: the file says ${expected.get(recipient)}, the chain ${found}`);
    }
  }
}
for (const difference of differences.slice(0, MAX_DIFFERENCES_PRINTED)) console.error(difference);
console.log(
  JSON.stringify({ recipients: recipients.length, differences: differences.length, total: total.toString() }),
);
process.exit(differences.length === 0 ? 0 : 1);

/** What each recipient (lower case) is to hold, in base units. */
function readExpected(text: string, decimalsOfToken: number, times: bigint): Map<string, bigint> {
  const [header = '', ...lines] = text
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/);
  const columns = header.split(',').map((name) => name.trim().toLowerCase());
  const recipientAt = columns.indexOf('recipient');
  const amountAt = columns.indexOf('amount');
  if (recipientAt < 0 || amountAt < 0) throw new Error('The file needs the columns recipient and amount.');
  const sums = new Map<string, bigint>();
  for (const line of lines) {
    const cells = line.split(',');
    const recipient = (cells[recipientAt] ?? '').trim().toLowerCase();
    const [whole = '0', fraction = ''] = (cells[amountAt] ?? '').trim().split('.');
    const units = BigInt(whole + fraction.padEnd(decimalsOfToken, '0')) * times;
    sums.set(recipient, (sums.get(recipient) ?? 0n) + units);
  }
  return sums;
}

async function ethCalls(url: string, to: string, data: string[]): Promise<string[]> {
  const body = data.map((input, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'eth_call',
    params: [{ to, data: input }, 'latest'],
  }));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answers = (await response.json()) as { id: number; result?: string; error?: unknown }[];
  return data.map((_, id) => {
    const result = answers.find((answer) => answer.id === id)?.result;
    if (result === undefined) throw new Error(`The node did not answer call ${id}.`);
    return result;
  });
}
