import { BaseError, required } from '../core/errors.ts';
import type { Database } from '../prisma/database.ts';
import type { ChainConfig } from './chainConfig.ts';

/** A chain as this process is to use it: its row, and the node to ask. */
export type RegisteredChain = {
  /** uuid of its row. */
  id: string;
  caip2: string;
  eip155ChainId: number;
  config: ChainConfig;
};

/** A configured chain is not in the database. */
export class ChainNotRegisteredError extends BaseError {
  override readonly name = 'ChainNotRegisteredError';
  constructor(caip2: string) {
    super(
      'CHAIN_NOT_REGISTERED',
      `${caip2} is configured but not registered: run node server/migrate.ts first.`,
    );
  }
}

/** The rows of the configured chains. It asks no node. @throws ChainNotRegisteredError */
export async function loadChains(
  database: Database,
  configs: readonly ChainConfig[],
): Promise<RegisteredChain[]> {
  const rows = await database.selectFrom('chain').select(['id', 'caip2', 'eip155ChainId']).execute();
  return configs.map((config) => {
    const row = rows.find(({ caip2 }) => caip2 === config.caip2);
    if (row === undefined) throw new ChainNotRegisteredError(config.caip2);
    return {
      id: row.id,
      caip2: row.caip2,
      eip155ChainId: Number(required(row.eip155ChainId, `The chain id of ${row.caip2}`)),
      config,
    };
  });
}
