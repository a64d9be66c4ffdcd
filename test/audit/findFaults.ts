import type { Blocks, ChunkTransaction } from './readBlocks.ts';

export type FaultName =
  /** Somebody holds more than the files say without what was told as not paid: paid twice, or told untruthfully. */
  | 'RECIPIENT_PAID_TOO_MUCH'
  | 'RECIPIENT_PAID_TOO_LITTLE'
  /** Accounts, vaults and recipients together hold something else than at the begin, and nobody minted it. */
  | 'MONEY_NOT_CONSERVED'
  | 'CLOSED_VAULT_HOLDS_MONEY'
  | 'VAULT_HOLDS_OTHER_THAN_OWED'
  /** The open vaults owe more or less than what was told as waiting in them: one is stuck, or told untruthfully. */
  | 'VAULTS_OWE_OTHER_THAN_TOLD'
  | 'CHUNK_EXECUTED_TWICE'
  /** A relayer's transaction executed the chunk, and another one asks for it later: signed twice for one purpose. */
  | 'CHUNK_SENT_AFTER_EXECUTION';

export type Fault = { name: FaultName; details: string };

/** What a vault holds and says of itself; base units. */
export type Vault = { address: string; isClosed: boolean; balance: bigint; remaining: bigint };

const ZERO_ADDRESS = `0x${'00'.repeat(20)}`;

/** @param expected, held by recipient in lower case, base units */
export function findRecipientFaults(
  expected: ReadonlyMap<string, bigint>,
  held: ReadonlyMap<string, bigint>,
): Fault[] {
  return [...expected].flatMap(([recipient, units]): Fault[] => {
    const found = held.get(recipient) ?? 0n;
    const details = `${recipient} should hold ${units} and holds ${found}`;
    if (found > units) return [{ name: 'RECIPIENT_PAID_TOO_MUCH', details }];
    return found < units ? [{ name: 'RECIPIENT_PAID_TOO_LITTLE', details }] : [];
  });
}

/**
 * @param before, after what each participant held at the begin and holds at the end
 * @param transfers everything that moved in between
 */
export function findConservationFaults(
  before: ReadonlyMap<string, bigint>,
  after: ReadonlyMap<string, bigint>,
  transfers: Blocks['transfers'],
): Fault[] {
  const isOurs = (address: string) => after.has(address);
  const sum = (list: Iterable<bigint>) => [...list].reduce((total, units) => total + units, 0n);
  const minted = sum(
    transfers.filter(({ from, to }) => from === ZERO_ADDRESS && isOurs(to)).map(({ units }) => units),
  );
  const due = sum(before.values()) + minted;
  const found = sum(after.values());
  if (found === due) return [];
  const strange = transfers.filter(({ from, to }) => from !== ZERO_ADDRESS && isOurs(from) !== isOurs(to));
  const moves = strange.map(({ from, to, units }) => `${units} from ${from} to ${to}`).join(', ');
  return [
    {
      name: 'MONEY_NOT_CONSERVED',
      details: `accounts, vaults and recipients should hold ${due} together and hold ${found}: ${moves || 'no log says why'}`,
    },
  ];
}

/** @param toldInVaults base units that were told as waiting in vaults, over all of them */
export function findVaultFaults(vaults: readonly Vault[], toldInVaults: bigint): Fault[] {
  const faults = vaults.flatMap(({ address, isClosed, balance, remaining }): Fault[] => {
    if (isClosed && balance !== 0n)
      return [{ name: 'CLOSED_VAULT_HOLDS_MONEY', details: `${address} is closed and holds ${balance}` }];
    if (!isClosed && balance !== remaining)
      return [
        { name: 'VAULT_HOLDS_OTHER_THAN_OWED', details: `${address} owes ${remaining} and holds ${balance}` },
      ];
    return [];
  });
  const owing = vaults.filter(({ isClosed, remaining }) => !isClosed && remaining > 0n);
  const owed = owing.reduce((total, { remaining }) => total + remaining, 0n);
  if (owed === toldInVaults) return faults;
  const addresses = owing.map(({ address }) => address).join(', ') || 'none';
  return [
    ...faults,
    {
      name: 'VAULTS_OWE_OTHER_THAN_TOLD',
      details: `open vaults owe ${owed} (${addresses}), and ${toldInVaults} was told`,
    },
  ];
}

/** What happened to chunks more than once. */
export function findChunkFaults({ vaults, executions, attempts }: Blocks): Fault[] {
  const ours = new Set(vaults);
  const seen = new Map<string, ChunkTransaction>();
  const byRelayers = new Map<string, ChunkTransaction>();
  const faults: Fault[] = [];
  for (const execution of executions) {
    if (!ours.has(execution.vault)) continue;
    const key = keyOf(execution);
    const earlier = seen.get(key);
    if (earlier !== undefined)
      faults.push({
        name: 'CHUNK_EXECUTED_TWICE',
        details: `${key} by ${earlier.hash} and ${execution.hash}`,
      });
    seen.set(key, execution);
    if (execution.byRelayer && !byRelayers.has(key)) byRelayers.set(key, execution);
  }
  for (const attempt of attempts) {
    const done = byRelayers.get(keyOf(attempt));
    if (done === undefined || attempt.order <= done.order) continue;
    faults.push({
      name: 'CHUNK_SENT_AFTER_EXECUTION',
      details: `${keyOf(attempt)} was executed by ${done.hash}, and ${attempt.hash} asks for it again`,
    });
  }
  return faults;
}

function keyOf({ vault, chunk }: ChunkTransaction): string {
  return `chunk ${chunk} of ${vault}`;
}
