import type { Logger } from 'pino';
import type { NotedSend } from '../transitions/moveTransactions.ts';
import type { PayoutEngine } from './payoutEngine.ts';

// Every line about a batch, a chunk or a transaction names it alike in all processes: organizationId, batchId, chunkIndex,
// transactionId, hash, chain (CAIP-2), and requestId where somebody asked for it. docs/guides/trace.md says how to read them.

/** The same engine, whose lines carry these fields as well. */
export function withFields(engine: PayoutEngine, fields: Readonly<Record<string, unknown>>): PayoutEngine {
  return { ...engine, logger: engine.logger.child(unsaid(engine.logger, fields)) };
}

/** Those that the logger's lines do not carry anyway: a name twice in a line is no JSON that everybody reads. */
function unsaid(logger: Logger, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const said = logger.bindings();
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in said)));
}

/** What a line about a transaction says of it, besides what the logger says in all its lines. */
export function transactionFields(
  logger: Logger,
  transaction: Pick<
    NotedSend,
    'id' | 'eip155ChainId' | 'organizationId' | 'batchId' | 'chunkIndex' | 'kind' | 'status' | 'hash'
  > & { readonly sender: string | null; readonly nonce: bigint | null },
) {
  const { id, eip155ChainId, organizationId, batchId, chunkIndex, kind, status, hash, sender, nonce } =
    transaction;
  return unsaid(logger, {
    ...{ organizationId, batchId, chunkIndex, transactionId: id, hash, chain: `eip155:${eip155ChainId}` },
    ...{ kind, status, relayer: sender, nonce: `${nonce}` },
  });
}
