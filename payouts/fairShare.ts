/**
 * How much of a capacity each of several demands may have at most, so that none gets more while another goes without
 * (max-min fairness): whoever asks for less than the share has all it asks for, and what it leaves is the others'.
 * @param demands none negative, in the unit of `capacity`
 * @returns the share; Infinity when there is enough for everybody
 */
export function fairShare(demands: readonly number[], capacity: number): number {
  const ascending = [...demands].sort((a, b) => a - b);
  let left = capacity;
  for (const [index, demand] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (demand > share) return share;
    left -= demand;
  }
  return Number.POSITIVE_INFINITY;
}
