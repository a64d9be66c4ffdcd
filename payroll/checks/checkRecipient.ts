import { type Address, zeroAddress } from 'viem';
import { checksumAddress } from './checksumAddress.ts';
import { otherChainAddress } from './otherChainAddress.ts';
import type { PayoutIssueCode } from './payoutIssue.ts';

/** Where a payout may not go, in EIP-55 form, and the chain's name for messages. */
export type RecipientRules = {
  readonly chainName: string;
  readonly token: Address;
  readonly payer: Address;
  readonly factory: Address;
  readonly implementation: Address;
};

export type CheckedRecipient =
  | { readonly address: Address }
  | { readonly code: PayoutIssueCode; readonly message: string };

const EVM_ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const BARE_ADDRESS = /^[0-9a-fA-F]{40}$/;
/** 32 bytes: a transaction's hash, another chain's account, or a private key. */
const WORD = /^(0x)?[0-9a-fA-F]{64}$/;
const PREFIXED_ADDRESS = /^[\w-]+(:[\w-]+)?:0x[0-9a-fA-F]{40}$/;
const NAME = /^[^\s@]+\.[a-z]{2,}$/i;

/** Reads a recipient of an EVM chain (EIP-55). Without a checksum (one case throughout) it is accepted as it is. */
export function checkRecipient(text: string, rules: RecipientRules): CheckedRecipient {
  if (!EVM_ADDRESS.test(text)) return refusedForm(text, rules.chainName);
  const digits = text.slice(2);
  const lowerCase = digits.toLowerCase();
  const address = checksumAddress(lowerCase);
  if (address !== text && digits !== lowerCase && digits !== digits.toUpperCase()) {
    return {
      code: 'ADDRESS_CHECKSUM',
      message:
        'The address does not match its own checksum (EIP-55): a character is probably wrong. Ask the payee for it again.',
    };
  }
  if (address === zeroAddress) {
    return { code: 'RECIPIENT_ZERO', message: 'The zero address cannot be paid: nobody holds it.' };
  }
  if (address === rules.token) {
    return {
      code: 'RECIPIENT_TOKEN',
      message: 'This is the token’s own contract; money sent there is lost.',
    };
  }
  if (address === rules.factory || address === rules.implementation) {
    return {
      code: 'RECIPIENT_FACTORY',
      message: 'This is a contract of the payout system; it cannot be paid.',
    };
  }
  if (address === rules.payer) {
    return { code: 'RECIPIENT_ACCOUNT', message: 'This is the account that pays; it cannot pay itself.' };
  }
  return { address };
}

function refusedForm(text: string, chainName: string): CheckedRecipient {
  const other = otherChainAddress(text);
  if (other !== null) {
    return {
      code: 'ADDRESS_OTHER_CHAIN',
      message: `This looks like ${other} address; this batch pays on ${chainName}, where addresses are 0x and 40 hexadecimal digits.`,
    };
  }
  return { code: 'ADDRESS_MALFORMED', message: malformed(text) };
}

function malformed(text: string): string {
  if (WORD.test(text)) {
    return 'These are 32 bytes: a transaction’s hash, another chain’s account or a private key. If it is a private key, treat it as stolen. An address is 0x and 40 hexadecimal digits.';
  }
  if (BARE_ADDRESS.test(text)) return 'The address lacks 0x at its start.';
  if (PREFIXED_ADDRESS.test(text)) return 'Write the address alone, without the chain before it.';
  if (NAME.test(text)) return 'Names are not looked up. Write the address: 0x and 40 hexadecimal digits.';
  if (/^0[xX][0-9a-fA-F]*$/.test(text)) {
    if (text.length === 42) return 'An address starts with a small 0x.';
    return `An address has 40 hexadecimal digits after 0x; this has ${text.length - 2}.`;
  }
  return 'This is not an address: 0x and 40 hexadecimal digits.';
}

/** Whether a text may be a secret, and so must not be repeated to anybody. */
export function mayBeSecret(text: string): boolean {
  return WORD.test(text);
}
