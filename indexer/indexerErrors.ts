import { BaseError } from '../core/errors.ts';

/** Somebody else has moved the chain's head meanwhile: nothing was written, look again. */
export class HeadMovedError extends BaseError {
  override readonly name = 'HeadMovedError';
  constructor(details: Record<string, unknown>) {
    super('HEAD_MOVED', 'The indexed head is another one by now.', { details, retryable: true });
  }
}

/** The chain contradicts a block that was final. Nothing here can know what is true now: a person must look. */
export class FinalBlockLostError extends BaseError {
  override readonly name = 'FinalBlockLostError';
  constructor(details: Record<string, unknown>) {
    super(
      'FINAL_BLOCK_LOST',
      'The node’s chain lacks a block that was final. Indexing of this chain has stopped.',
      {
        details,
      },
    );
  }
}
