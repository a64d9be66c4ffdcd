import type { Address, Hex, TypedDataDefinition } from 'viem';

/** What signs for a person. Its key is never seen by this client, but for the demonstration's. */
export type Wallet = {
  kind: 'BROWSER' | 'DEMONSTRATION';
  /** "MetaMask", "Demonstration key". */
  name: string;
  address: Address;
  /** `personal_sign`. @throws WalletError */
  signMessage(message: string): Promise<Hex>;
  /** EIP-712, with the domain's chain id. @throws WalletError */
  signTypedData(data: TypedDataDefinition): Promise<Hex>;
};

/** The person said no, or the wallet could not. `code` 4001 is EIP-1193's "the person refused". */
export class WalletError extends Error {
  readonly code: number | null;
  constructor(message: string, code: number | null) {
    super(message);
    this.name = 'WalletError';
    this.code = code;
  }

  get isRefusal(): boolean {
    return this.code === 4001;
  }
}
