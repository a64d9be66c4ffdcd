// Rebuilds and checks what is to be signed, beside the page: 100,000 payouts take seconds.
/// <reference lib="webworker" />
import { getAddress } from 'viem';
import { config } from 'zod';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import type {
  CheckerAnswers,
  CheckerCall,
  CheckerMessage,
  CheckerReply,
  CheckOutcome,
  SignedRow,
  SignedRows,
} from './checkerProtocol.ts';
import { checkServedRequest } from './checkServedRequest.ts';
import { type OwnFile, readOwnFile } from './readOwnFile.ts';

declare const self: DedicatedWorkerGlobalScope;

// The pages forbid code that is made of strings.
config({ jitless: true });

let rows: readonly PayoutRow[] = [];

self.addEventListener('message', ({ data }: MessageEvent<CheckerMessage>) => {
  answer(data.call).then(
    (value) => reply({ id: data.id, value }),
    (cause: unknown) => reply({ id: data.id, fault: cause instanceof Error ? cause.message : String(cause) }),
  );
});

function reply(message: CheckerReply): void {
  self.postMessage(message);
}

async function answer(call: CheckerCall): Promise<CheckerAnswers[keyof CheckerAnswers]> {
  if (call.kind === 'CHECK') return check(call);
  if (call.kind === 'ROWS') return find(call.search, call.from, call.count);
  const found = call.indexes.flatMap((index) => signedRow(index) ?? []);
  return { matchCount: found.length, rows: found };
}

async function check({ served, file }: Extract<CheckerCall, { kind: 'CHECK' }>): Promise<CheckOutcome> {
  const own = file === null ? null : await readOwnFile(file.blob, file.sheet, served);
  const ownRows = own?.kind === 'READ' ? own.rows : null;
  const result = checkServedRequest(served, ownRows, Math.floor(Date.now() / 1000));
  rows = result.rows;
  return { checked: result.checked, ownFile: own === null ? null : outcomeOf(own) };
}

function outcomeOf(own: OwnFile): CheckOutcome['ownFile'] {
  if (own.kind === 'FAULTY') return own;
  const { units, sheets } = own;
  return { kind: 'READ', rowCount: own.rows.rows.length + own.rows.withoutAddress.length, units, sheets };
}

/** By a part of the address, or by the payout's number. */
function find(search: string, from: number, count: number): SignedRows {
  const text = search.trim().toLowerCase();
  if (text === '') {
    const shown = rows.slice(from, from + count).flatMap((_, offset) => signedRow(from + offset) ?? []);
    return { matchCount: rows.length, rows: shown };
  }
  const indexes: number[] = [];
  for (const [index, { recipient }] of rows.entries()) {
    if (recipient.toLowerCase().includes(text) || `${index + 1}` === text) indexes.push(index);
  }
  const shown = indexes.slice(from, from + count).flatMap((index) => signedRow(index) ?? []);
  return { matchCount: indexes.length, rows: shown };
}

function signedRow(index: number): SignedRow | null {
  const row = rows[index];
  return row === undefined ? null : { index, recipient: getAddress(row.recipient), units: row.units };
}
