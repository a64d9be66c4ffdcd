/** How a chain charges for publishing a transaction on the chain below it; NONE: not at all, or within gas as it is. */
export type DataFeeKind = 'NONE' | 'OP_STACK' | 'ARBITRUM';
