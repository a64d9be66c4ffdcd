const BITMAP_BYTES = 32;

/** A 256-bit bitmap as bytes in which bit i is what PostgreSQL's get_bit(bytea, i) reads: lowest byte first. */
export function rowBits(bitmap: bigint): Buffer {
  return Buffer.from(bitmap.toString(16).padStart(BITMAP_BYTES * 2, '0'), 'hex').reverse();
}

/** How many bits are set. */
export function countRows(bitmap: bigint): number {
  let count = 0;
  for (let rest = bitmap; rest > 0n; rest &= rest - 1n) count += 1;
  return count;
}
