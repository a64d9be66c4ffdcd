/** A chain, as the engine addresses it: its row’s id, and its EIP-155 chain id. */
export type LaneChain = { readonly id: string; readonly eip155ChainId: number };
