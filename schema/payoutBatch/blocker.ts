import type { BlockerReason } from '../../resolvers/payoutBatch/loadBlockers.ts';
import { builder } from '../builder.ts';

/** Every code, and what it means. The payout engine and the indexer find most of them; the API the first three and CANCELLATION_OPEN itself. */
export const BLOCKER_CODES = {
  PAUSED: 'somebody stopped it, its account or its chain for now',
  CLOSE_ASKED: 'its owners are asked to close it: nothing more is sent until they decide',
  CANCELLATION_OPEN:
    'it is being cancelled, and was signed: it holds its nonce, and the chain may open it, until that nonce is used by something else or its time to open is over',
  NOT_FUNDED: 'the account lacks the money for the batch, and those before it',
  WAITS_FOR_NONCE: 'another transaction of the account comes first',
  NONCE_UNUSED: 'a nonce of the account before its own is used by nothing here: the owners must use it',
  NONCE_USED: 'the account’s nonce was used by something else, and a new approval follows',
  SIGNATURES_MISSING: 'an owner whose signature counted is one no longer',
  ACCOUNT_UNSAFE: 'the account’s Safe has faults: a module, a guard, or code that is not known',
  OPEN_BY_PASSED: 'the time to open it is over',
  ROWS_DO_NOT_MATCH: 'what is stored is not what was approved: nothing is sent',
  VAULT_OPENED_DIFFERENTLY: 'its vault was opened on chain with other parameters than were approved',
  WOULD_REVERT: 'the chain would undo the transaction',
  FAILED_TOO_OFTEN: 'the same transaction came to nothing too often',
  FEES_TOO_HIGH: 'the chain’s fees are above the limit: it waits for lower ones',
  RELAYER_NOT_FUNDED: 'the key that pays gas cannot pay for it',
  NODES_UNAVAILABLE: 'too few of the chain’s nodes answer: it goes on by itself when they do',
} as const;

export const Blocker = builder.objectRef<BlockerReason>('Blocker').implement({
  description: 'Why a batch does not move.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: `The reason, for programs; there may be more with time. ${Object.entries(BLOCKER_CODES)
        .map(([code, meaning]) => `${code}: ${meaning}.`)
        .join(' ')}`,
    }),
    message: t.exposeString('message', { description: 'The reason and what would mend it, for people.' }),
  }),
});
