/** Whether a trimmed text can be a name: not blank, one line, not longer than allowed, whole characters. */
export function isLine(text: string, maxCharacters: number): boolean {
  return text !== '' && text.length <= maxCharacters && !/\p{Cc}/u.test(text) && text.isWellFormed();
}
