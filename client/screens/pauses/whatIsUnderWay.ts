export type UnderWay = { readonly payoutCount: number; readonly transactionCount: number };

/** Which sentence tells what a pause came too late for, and what it counts. */
export function whatIsUnderWay({ payoutCount, transactionCount }: UnderWay) {
  if (payoutCount > 0) return { key: 'underWay', count: payoutCount } as const;
  if (transactionCount > 0) return { key: 'unpaidUnderWay', count: transactionCount } as const;
  return { key: 'nothingUnderWay', count: 0 } as const;
}
