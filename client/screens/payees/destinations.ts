import type { ListedPayee } from './listedPayee.ts';
import { percentOfShare } from './shares.ts';

/** A destination as it is typed. */
export type TypedDestination = {
  /** Of this form alone: fields keep their focus while others come and go. */
  readonly key: string;
  readonly assetId: string | null;
  readonly address: string;
  readonly percent: string;
};

export function emptyDestination(percent: string): TypedDestination {
  return { key: crypto.randomUUID(), assetId: null, address: '', percent };
}

export function typedDestination(destination: ListedPayee['destinations'][number]): TypedDestination {
  const { asset, address, share } = destination;
  return { key: crypto.randomUUID(), assetId: asset.id, address, percent: percentOfShare(share) };
}
