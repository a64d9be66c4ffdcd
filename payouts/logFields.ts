import type { NotedSend } from '../transitions/moveTransactions.ts';
import type { PayoutEngine } from './payoutEngine.ts';

// Every line about a batch, a chunk or a transaction names it alike in all processes: organizationId, batchId, chunkIndex,
// transactionId, hash, chain (CAIP-2), and requestId where somebody asked for it. docs/guides/trace.md says how to read them.

/** The same engine, whose lines carry these fields as well. */
export function withFields(engine: PayoutEngine, fields: Readonly<Record<string, unknown>>): PayoutEngine {
  return { ...engine, logger: engine.logger.child(fields) };
}

/** What a line about a transaction says of it. */
export function transactionFields(
  transaction: Pick<
    NotedSend,
    'id' | 'eip155ChainId' | 'organizationId' | 'batchId' | 'chunkIndex' | 'kind' | 'status' | 'hash'
  > & { readonly sender: string | null; readonly nonce: bigint | null },
) {
  const { id, eip155ChainId, organizationId, batchId, chunkIndex, kind, status, hash, sender, nonce } =
    transaction;
  return {
    ...{ organizationId, batchId, chunkIndex, transactionId: id, hash, chain: `eip155:${eip155ChainId}` },
    ...{ kind, status, relayer: sender, nonce: `${nonce}` },
  };
}
