/** Background work, enqueued in the transaction that makes it necessary and run by the worker process. */
export type JobPayloads = {
  /** Looks at one batch in the database and does whatever is next for it: open, chunks, close. */
  'batch.advance': { batchId: string };
  /** Sends the transaction that deploys an account's Safe. */
  'account.deploy': { accountId: string };
};
export type JobName = keyof JobPayloads;
