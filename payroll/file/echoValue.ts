import { mayBeSecret } from '../checks/checkRecipient.ts';

const MAX_ECHO_CHARACTERS = 80;
const SHOWN_OF_SECRET_CHARACTERS = 8;
const CONTROL_OR_DIRECTION = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const PLAIN_NUMBER = /^[+-][\d.,]+$/;

/**
 * A value of a file as it may be shown again: shortened, without control characters, and with an apostrophe before what
 * a spreadsheet would run as a formula (`=HYPERLINK(…)`) when somebody exports the list of issues. What may be a private
 * key is cut after its first characters.
 */
export function echoValue(value: string | null): string | null {
  if (value === null || value === '') return null;
  if (mayBeSecret(value)) return `${value.slice(0, SHOWN_OF_SECRET_CHARACTERS)}…`;
  const shown = value.slice(0, MAX_ECHO_CHARACTERS).toWellFormed().replace(CONTROL_OR_DIRECTION, ' ');
  const whole = value.length > MAX_ECHO_CHARACTERS ? `${shown}…` : shown;
  return /^[=+\-@]/.test(whole.trimStart()) && !PLAIN_NUMBER.test(whole) ? `'${whole}` : whole;
}
