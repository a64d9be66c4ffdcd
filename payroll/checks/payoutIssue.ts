/**
 * All that can be wrong with a payout, or with a file of payouts, and what it means. `error`: nothing is written while
 * one stands. `warning`: worth a look, nothing more.
 */
export const PAYOUT_ISSUES = {
  FIELD_MISSING: {
    severity: 'ERROR',
    description:
      'The amount is empty; or the recipient is, and no reference says which payee of the address book is meant.',
  },
  ADDRESS_CHECKSUM: {
    severity: 'ERROR',
    description:
      'The letters of the address do not match its EIP-55 checksum: a character may be mistyped. Addresses wholly in lower or upper case carry no checksum and are accepted.',
  },
  ADDRESS_MALFORMED: {
    severity: 'ERROR',
    description: 'The recipient is not an address: 0x and 40 hexadecimal digits.',
  },
  ADDRESS_OTHER_CHAIN: {
    severity: 'ERROR',
    description:
      'The recipient has the form of an address of another kind of chain (Bitcoin, Solana, Tron, …).',
  },
  RECIPIENT_ZERO: { severity: 'ERROR', description: 'The recipient is the zero address: nobody holds it.' },
  RECIPIENT_TOKEN: { severity: 'ERROR', description: 'The recipient is the token’s own contract.' },
  RECIPIENT_FACTORY: {
    severity: 'ERROR',
    description: 'The recipient is a contract of the payout system, which cannot give money back.',
  },
  RECIPIENT_ACCOUNT: { severity: 'ERROR', description: 'The recipient is the account that pays.' },
  AMOUNT_NOT_A_NUMBER: {
    severity: 'ERROR',
    description:
      'The amount is not a plain decimal number such as 1250.5; exponents and currency signs are not read.',
  },
  AMOUNT_AMBIGUOUS_SEPARATOR: {
    severity: 'ERROR',
    description: 'The amount can be read in two ways: 1,250 is 1250 to some and 1.25 to others.',
  },
  AMOUNT_TOO_PRECISE: {
    severity: 'ERROR',
    description: 'The amount has more decimals than the asset. It is never rounded.',
  },
  AMOUNT_ZERO: { severity: 'ERROR', description: 'The amount is zero.' },
  AMOUNT_NEGATIVE: { severity: 'ERROR', description: 'The amount is negative.' },
  AMOUNT_TOO_LARGE: {
    severity: 'ERROR',
    description: 'The amount is larger than one payout can carry: 2^96 − 1 base units.',
  },
  MEMO_TOO_LONG: { severity: 'ERROR', description: 'The memo is longer than allowed.' },
  REFERENCE_TOO_LONG: { severity: 'ERROR', description: 'The reference is longer than allowed.' },
  TEXT_INVALID: {
    severity: 'ERROR',
    description:
      'The memo or reference holds control characters, or ones that reverse the direction of text.',
  },
  REFERENCE_DUPLICATE: { severity: 'ERROR', description: 'An earlier row has the same reference.' },
  PAYEE_UNKNOWN: {
    severity: 'ERROR',
    description: 'The row has no recipient, and its reference is no payee’s of the address book.',
  },
  NO_ACCOUNT_FOR_DESTINATION: {
    severity: 'ERROR',
    description:
      'A destination of the row’s payee is of another asset than the import’s, and no account was named to pay that asset from.',
  },
  SHARE_TOO_SMALL: {
    severity: 'ERROR',
    description:
      'A destination of the row’s payee would be paid nothing: its share of the amount rounds to zero.',
  },
  TOO_MANY_PARTS: {
    severity: 'ERROR',
    description: 'Split over their payees’ destinations, the rows make more payouts than one import may.',
  },
  PAYEE_ADDRESS_DIFFERS: {
    severity: 'WARNING',
    description:
      'The reference names a payee of the address book, and the address is none of theirs on this chain. The address is what is paid.',
  },
  PAYEE_ADDRESS_CHANGED: {
    severity: 'WARNING',
    description:
      'The address is the payee’s as the address book has it now, but on this chain the payee was paid before, and never at this address: somebody changed it.',
  },
  PAYEE_AMBIGUOUS: {
    severity: 'WARNING',
    description:
      'Several payees of the address book have this address on this chain, and the reference names none of them.',
  },
  POSSIBLE_ADDRESS_POISONING: {
    severity: 'WARNING',
    description:
      'The address was never paid, and begins and ends like one that the organization knows or like another row’s, or it sent a trifle to one of the organization’s accounts: somebody may have made it to be mistaken for a payee’s.',
  },
  PAYOUT_DUPLICATE: {
    severity: 'WARNING',
    description: 'An earlier row pays the same recipient the same amount.',
  },
  REFERENCE_PAID_BEFORE: {
    severity: 'WARNING',
    description:
      'Another batch of the organization carries the same reference: paid, being paid or still a draft. Batches that ended without paying do not count.',
  },
} as const satisfies Record<string, { severity: Severity; description: string }>;

export type Severity = 'ERROR' | 'WARNING';
export type PayoutIssueCode = keyof typeof PAYOUT_ISSUES;

/** Warnings of what may be fraud: never hidden behind what is merely odd, however many rows somebody makes odd. */
export const POSSIBLE_FRAUD: readonly string[] = [
  'POSSIBLE_ADDRESS_POISONING',
  'PAYEE_ADDRESS_DIFFERS',
  'PAYEE_ADDRESS_CHANGED',
] satisfies PayoutIssueCode[];

export type PayoutField = 'recipient' | 'amount' | 'memo' | 'reference';

/** One thing wrong with one payout. `value` is what stood there, as it came. */
export type PayoutIssue = {
  readonly code: PayoutIssueCode;
  readonly field: PayoutField;
  readonly message: string;
  readonly value: string | null;
};
