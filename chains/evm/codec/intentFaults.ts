import { type Address, zeroAddress } from 'viem';
import type { IntentSubject } from './intent.ts';

/** Collects what is wrong with a signing request, as English sentences. */
export type Faults = {
  readonly reasons: string[];
  /** Adds a reason unless the two are the same; addresses and other hex are compared without regard to case. */
  readonly expect: (what: string, found: unknown, expected: unknown) => void;
};

/** An empty collection. */
export function intentFaults(): Faults {
  const reasons: string[] = [];
  const expect = (what: string, found: unknown, expected: unknown): void => {
    if (canonical(found) !== canonical(expected)) {
      reasons.push(`${what} is ${shown(found)}, expected ${shown(expected)}.`);
    }
  };
  return { reasons, expect };
}

/** The fields that every transaction of ours has in common: no value, no refund, no gas terms, the expected nonce. */
export function expectPlainTransaction(
  faults: Faults,
  { transaction, nonce }: IntentSubject,
  to: Address,
  operation: 0 | 1,
): void {
  const isMultiSend = operation === 1;
  const target = isMultiSend ? 'MultiSendCallOnly' : 'the vault';
  faults.expect(`The transaction’s target (${target})`, transaction.to, to);
  faults.expect('The operation', transaction.operation, operation);
  faults.expect('The value', transaction.value, 0n);
  faults.expect('safeTxGas', transaction.safeTxGas, 0n);
  faults.expect('baseGas', transaction.baseGas, 0n);
  faults.expect('gasPrice', transaction.gasPrice, 0n);
  faults.expect('gasToken', transaction.gasToken, zeroAddress);
  faults.expect('refundReceiver', transaction.refundReceiver, zeroAddress);
  faults.expect('The Safe’s nonce', transaction.nonce, nonce);
}

/** A value with its type, so that the string "0" never passes for the number. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return `string ${value.startsWith('0x') ? value.toLowerCase() : value}`;
  return `${typeof value} ${shown(value)}`;
}

const MAX_SHOWN_CHARACTERS = 200;

function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_SHOWN_CHARACTERS ? `${value.slice(0, MAX_SHOWN_CHARACTERS)}…` : value;
    case 'bigint':
    case 'number':
    case 'boolean':
      return `${value}`;
    default:
      return value === undefined || value === null ? 'missing' : 'not readable';
  }
}
