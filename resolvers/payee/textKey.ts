/**
 * What names and references of payees are compared and sorted by: two texts that people take for the same have the same
 * key. White space at the ends, case, and the ways to compose a letter make no difference.
 */
export function textKey(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}
