/** `2026-11-21 12:20 UTC`: the same for whoever files it, wherever they are. */
export function utcText(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
