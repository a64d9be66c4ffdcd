import { MAX_MEMO_CHARACTERS, MAX_REFERENCE_CHARACTERS } from '../../core/limits.ts';
import type { PayoutIssueCode } from './payoutIssue.ts';

type TextFault = { readonly code: PayoutIssueCode; readonly message: string };

const CONTROL = /\p{Cc}/u;
/** As CONTROL, but a memo may have several lines. */
const CONTROL_IN_MEMO = /[^\P{Cc}\t\n\r]/u;
/** Embeddings, overrides and isolates: they make a text show as another than it is. */
export const REVERSES_DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;

/** What is wrong with a memo, or null. Its length counts UTF-16 units. */
export function checkMemo(memo: string): TextFault | null {
  if (memo.length > MAX_MEMO_CHARACTERS) {
    return {
      code: 'MEMO_TOO_LONG',
      message: `The memo has ${memo.length} characters; at most ${MAX_MEMO_CHARACTERS} are kept.`,
    };
  }
  return checkCharacters(memo, CONTROL_IN_MEMO);
}

/** What is wrong with a reference, or null. Its length counts UTF-16 units. */
export function checkReference(reference: string): TextFault | null {
  if (reference.length > MAX_REFERENCE_CHARACTERS) {
    return {
      code: 'REFERENCE_TOO_LONG',
      message: `The reference has ${reference.length} characters; at most ${MAX_REFERENCE_CHARACTERS} are kept.`,
    };
  }
  return checkCharacters(reference, CONTROL);
}

function checkCharacters(text: string, control: RegExp): TextFault | null {
  if (!control.test(text) && !REVERSES_DIRECTION.test(text) && text.isWellFormed()) return null;
  return {
    code: 'TEXT_INVALID',
    message: 'The text holds control characters or ones that reverse its direction. Type it again.',
  };
}
