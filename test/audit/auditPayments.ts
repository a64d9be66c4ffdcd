// node test/audit/auditPayments.ts INPUT.json
// Asks the chain what became of payroll files, and compares it to the unit with the files and with what was told about
// them. It imports nothing of this project, on purpose, and no package: raw JSON-RPC, the files, Node's own modules.
// INPUT.json is an `AuditInput`, see below. Prints one line of JSON, an `AuditReport`; what does not hold is explained on
// standard error. Exit code 0 when everything holds, 1 when something does not, 2 when it could not be found out.
// Only for files whose recipients hold nothing else, with plain comma-separated rows.
import { readFileSync } from 'node:fs';
import { BALANCE_OF, DECIMALS, IS_CLOSED, REMAINING, withAddress } from './contracts.ts';
import {
  type Fault,
  type FaultName,
  findChunkFaults,
  findConservationFaults,
  findRecipientFaults,
  findVaultFaults,
  type Vault,
} from './findFaults.ts';
import { readPayrollFile } from './payrollFile.ts';
import { type Blocks, type RelayerTransaction, readBlocks } from './readBlocks.ts';
import { ask, askContracts, toHex } from './rpc.ts';

export type AuditInput = {
  rpcUrl: string;
  token: string;
  /** Paths from the working directory. `times`: how often a file was to be paid (default 1). */
  payrolls: { file: string; times?: number }[];
  /**
   * Rows, a line each, that were told as not paid: `units` are base units as decimal text. VAULT: undelivered, the money
   * waits in the batch's vault. ACCOUNT: cancelled, expired or failed; the money is with the account.
   */
  notPaid?: { recipient: string; units: string; moneyIn: 'VAULT' | 'ACCOUNT' }[];
  /** Without it, only the recipients' balances are looked at. */
  blocks?: {
    /** The accounts hold their money since this block; everything after it is read. */
    from: number;
    factory: string;
    accounts: string[];
    relayers: string[];
  };
};

export type AuditReport = {
  /** The names of what does not hold, each once. */
  broken: FaultName[];
  recipients: number;
  /** Recipients who do not hold what they should. */
  differences: number;
  /** What the recipients hold together, base units. */
  total: string;
  /** The newest block that was looked at. */
  block: number;
  vaults: number;
  chunksExecuted: number;
  relayerTransactions: RelayerTransaction[];
};

const MAX_FAULTS_PRINTED = 20;
const NO_BLOCKS: Blocks = {
  vaults: [],
  executions: [],
  attempts: [],
  relayerTransactions: [],
  transfers: [],
};

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('Usage: node test/audit/auditPayments.ts INPUT.json');
  process.exit(2);
}
try {
  const { report, faults } = await audit(JSON.parse(readFileSync(path, 'utf8')) as AuditInput);
  for (const { name, details } of faults.slice(0, MAX_FAULTS_PRINTED)) console.error(`${name}: ${details}`);
  console.log(JSON.stringify(report));
  process.exitCode = faults.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}

async function audit(input: AuditInput): Promise<{ report: AuditReport; faults: Fault[] }> {
  const { rpcUrl, token, blocks: scope } = input;
  const [head = '0x0'] = await ask<string>(rpcUrl, [{ method: 'eth_blockNumber', params: [] }]);
  const expected = await readExpected(input, head);
  const recipients = [...expected.keys()];
  const held = await readBalances(rpcUrl, token, recipients, head);
  const recipientFaults = findRecipientFaults(expected, held);
  const faults = [...recipientFaults];
  let found = NO_BLOCKS;
  if (scope !== undefined) {
    const from = BigInt(scope.from);
    found = await readBlocks({ ...scope, rpcUrl, token, from, to: BigInt(head) });
    const participants = [...new Set([...scope.accounts.map(lower), ...found.vaults, ...recipients])];
    const before = await readBalances(rpcUrl, token, participants, toHex(from));
    const after = await readBalances(rpcUrl, token, participants, head);
    const inVaults = (input.notPaid ?? []).filter(({ moneyIn }) => moneyIn === 'VAULT');
    faults.push(
      ...findConservationFaults(before, after, found.transfers),
      ...findVaultFaults(
        await readVaults(rpcUrl, token, found.vaults, head),
        inVaults.reduce((total, { units }) => total + BigInt(units), 0n),
      ),
      ...findChunkFaults(found),
    );
  }
  const report: AuditReport = {
    broken: [...new Set(faults.map(({ name }) => name))],
    recipients: recipients.length,
    differences: recipientFaults.length,
    total: [...held.values()].reduce((total, units) => total + units, 0n).toString(),
    block: Number(head),
    vaults: found.vaults.length,
    chunksExecuted: found.executions.length,
    relayerTransactions: found.relayerTransactions,
  };
  return { report, faults };
}

/** What each recipient of the files is to hold: the rows' sums, without what was told as not paid. */
async function readExpected(input: AuditInput, block: string): Promise<Map<string, bigint>> {
  const [decimals = '0x0'] = await askContracts(input.rpcUrl, [{ to: input.token, data: DECIMALS }], block);
  const sums = new Map<string, bigint>();
  const add = (recipient: string, units: bigint) => sums.set(recipient, (sums.get(recipient) ?? 0n) + units);
  for (const { file, times = 1 } of input.payrolls) {
    for (const { recipient, units } of readPayrollFile(file, Number(BigInt(decimals)))) {
      add(recipient, units * BigInt(times));
    }
  }
  for (const { recipient, units } of input.notPaid ?? []) add(lower(recipient), -BigInt(units));
  return sums;
}

async function readBalances(
  rpcUrl: string,
  token: string,
  owners: readonly string[],
  block: string,
): Promise<Map<string, bigint>> {
  const calls = owners.map((owner) => ({ to: token, data: withAddress(BALANCE_OF, owner) }));
  const balances = await askContracts(rpcUrl, calls, block);
  return new Map(owners.map((owner, index) => [owner, BigInt(balances[index] ?? '0x0')]));
}

async function readVaults(
  rpcUrl: string,
  token: string,
  addresses: string[],
  block: string,
): Promise<Vault[]> {
  const balances = await readBalances(rpcUrl, token, addresses, block);
  const closed = await askContracts(
    rpcUrl,
    addresses.map((to) => ({ to, data: IS_CLOSED })),
    block,
  );
  const remaining = await askContracts(
    rpcUrl,
    addresses.map((to) => ({ to, data: REMAINING })),
    block,
  );
  return addresses.map((address, index) => ({
    address,
    balance: balances.get(address) ?? 0n,
    isClosed: BigInt(closed[index] ?? '0x0') === 1n,
    remaining: BigInt(remaining[index] ?? '0x0'),
  }));
}

function lower(address: string): string {
  return address.toLowerCase();
}
