/** The larger of two amounts; `Math.max` takes no bigint. */
export function largerOf(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

export function smallerOf(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
