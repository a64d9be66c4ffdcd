// Every queue, list, batch, retry and request has a named maximum, its unit in its name. What belongs to one file alone
// stays there; what several folders must agree on stands here.

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;
export const MAX_NODES_PER_REQUEST = 100;

export const MAX_PAYOUTS_PER_BATCH = 100_000;
export const MAX_IMPORT_FILE_BYTES = 32 * 1024 * 1024;
/** Of a person, under way or waiting to be imported. */
export const MAX_UPLOADS_PER_USER = 20;
/** What they come to in all, by the sizes that they were begun with. */
export const MAX_UPLOAD_BYTES_PER_USER = 128 * 1024 * 1024;
/** Of everybody, as they arrive: nobody fills the database. Files that come with an import need no upload. */
export const MAX_UPLOAD_BYTES_OF_ALL = 8 * 1024 * 1024 * 1024;
/** After that an upload is forgotten, finished or not. */
export const UPLOAD_LIFETIME_HOURS = 24;
/** After that an upload is forgotten of which no byte came. */
export const EMPTY_UPLOAD_LIFETIME_MINUTES = 15;
export const MAX_IMPORT_ISSUES_RETURNED = 1_000;
/** Kept with a batch for its approvers; more are counted. */
export const MAX_WARNINGS_PER_BATCH = 1_000;
export const MAX_PREVIEW_ROWS = 20;
/** Other assets than its own that one import can pay, each from an account. */
export const MAX_SPLIT_ACCOUNTS_PER_IMPORT = 20;
export const MAX_PAYEES_PER_ORGANIZATION = 100_000;
export const MAX_DESTINATIONS_PER_PAYEE = 10;
export const MAX_TITLE_CHARACTERS = 200;
export const MAX_NAME_CHARACTERS = 200;
export const MAX_MEMO_CHARACTERS = 500;
export const MAX_REFERENCE_CHARACTERS = 200;
export const MAX_REASON_CHARACTERS = 1_000;
export const MAX_IDEMPOTENCY_KEY_CHARACTERS = 200;
export const MAX_APPROVERS_PER_ACCOUNT = 50;
export const MAX_LIVE_APPROVALS_PER_ACCOUNT = 100;
export const MAX_MEMBERS_PER_ORGANIZATION = 1_000;

export const MAX_EVENTS_PER_READ = 500;
/** A block full of token transfers to customers' accounts, or a reorg of several, must still be one transaction. */
export const MAX_EVENTS_PER_UNIT_OF_WORK = 500_000;

/** How long approvers have before the chain refuses to open a batch, in seconds. */
export const DEFAULT_OPEN_WINDOW_SECONDS = 7 * 24 * 3600;
/** How long after openBy anyone may close a vault that still owes, in seconds. */
export const DEFAULT_CLOSE_DELAY_SECONDS = 7 * 24 * 3600;

export const MIN_OPEN_WINDOW_SECONDS = 60;
export const MAX_OPEN_WINDOW_SECONDS = 90 * 24 * 3600;
export const MAX_CLOSE_DELAY_SECONDS = 365 * 24 * 3600;
