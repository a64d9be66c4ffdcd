// Generated from prisma/schema.prisma by `npm run generate`. Do not edit.
import type { Generated, JSONColumnType } from 'kysely';

type Json = JSONColumnType<object>;

export type ChainFamily = 'EVM' | 'SOLANA';

export type SignerKind = 'WALLET' | 'PASSKEY';

export type AccountStatus = 'OPENING' | 'ACTIVE' | 'CLOSED' | 'REFUSED';

export type Custody = 'SAFE' | 'THRESHOLD_KEY';

export type PayoutBatchStatus = 'DRAFT' | 'PENDING_APPROVAL' | 'APPROVED' | 'EXECUTING' | 'COMPLETED' | 'PARTIALLY_FAILED' | 'FAILED' | 'REJECTED' | 'CANCELLING' | 'CANCELLED' | 'EXPIRED';

export type PayoutStatus = 'PENDING' | 'SUBMITTED' | 'INCLUDED' | 'CONFIRMED' | 'FINAL' | 'UNDELIVERED' | 'FAILED';

export type PayoutFailureCode = 'RECIPIENT_REVERTED' | 'TOKEN_REFUSED' | 'SCREENED' | 'CANCELLED' | 'EXPIRED';

export type ApprovalKind = 'PAYOUT_OPEN' | 'PAYOUT_CLOSE';

export type ApprovalStatus = 'PENDING' | 'APPROVED' | 'REJECTED' | 'STALE' | 'EXPIRED' | 'CANCELLED' | 'EXECUTED';

export type Verdict = 'GRANTED' | 'REJECTED';

export type TransactionKind = 'OPEN' | 'CHUNK' | 'RETRY' | 'CLOSE' | 'CANCEL' | 'ACCOUNT' | 'FOREIGN';

export type TransactionStatus = 'SIGNED' | 'BROADCAST' | 'INCLUDED' | 'CONFIRMED' | 'FINAL' | 'REVERTED' | 'REPLACED';

export type TransferDirection = 'IN' | 'OUT';

export type TransferStatus = 'INCLUDED' | 'CONFIRMED' | 'FINAL' | 'REORGED';

export type InvitationStatus = 'PENDING' | 'ACCEPTED' | 'REVOKED';

export type EventType = 'ACCOUNT_OPENED' | 'ACCOUNT_REFUSED' | 'ACCOUNT_CHANGED' | 'TRANSFER_INCLUDED' | 'TRANSFER_CONFIRMED' | 'TRANSFER_REORGED' | 'PAYOUT_BATCH_CREATED' | 'PAYOUT_BATCH_STATUS_CHANGED' | 'PAYOUTS_CHANGED' | 'PAYOUTS_REORGED' | 'APPROVAL_REQUESTED' | 'APPROVAL_DECIDED' | 'APPROVAL_STATUS_CHANGED' | 'MEMBER_INVITED' | 'INVITATION_REVOKED' | 'MEMBER_JOINED' | 'MEMBER_ROLES_CHANGED' | 'MEMBER_REMOVED' | 'ORGANIZATION_UPDATED' | 'PAYEE_CREATED' | 'PAYEE_UPDATED' | 'PAYEE_ARCHIVED' | 'CHAIN_PAUSED' | 'CHAIN_RESUMED' | 'ACCOUNT_PAUSED' | 'ACCOUNT_RESUMED' | 'PAYOUT_BATCH_PAUSED' | 'PAYOUT_BATCH_RESUMED';

export type PauseScope = 'CHAIN' | 'ACCOUNT' | 'PAYOUT_BATCH';

export type SendRefusal = 'ALREADY_KNOWN' | 'NONCE_USED' | 'NONCE_TOO_HIGH' | 'REPLACEMENT_UNDERPRICED' | 'UNDERPRICED' | 'FEE_CAP' | 'INSUFFICIENT_FUNDS' | 'IN_FLIGHT_LIMIT' | 'POOL_FULL' | 'OTHER';

export type RelayerLaneState = 'ACTIVE' | 'STUCK' | 'UNFUNDED' | 'DELEGATED' | 'USED_ELSEWHERE';

export type OrganizationTable = {
  id: Generated<string>;
  name: string;
  /** Whoever made, submitted or asked for an approval cannot grant it here. */
  separatesDuties: Generated<boolean>;
  createdAt: Generated<Date>;
};

export type UserTable = {
  id: Generated<string>;
  displayName: string;
  email: string | null;
  createdAt: Generated<Date>;
};

/** A key that a person approves and signs in with. */
export type SignerTable = {
  id: Generated<string>;
  userId: string;
  kind: SignerKind;
  label: string;
  address: string;
  createdAt: Generated<Date>;
  lastUsedAt: Date | null;
};

export type MembershipTable = {
  organizationId: string;
  userId: string;
  /** Of core/permissions.ts. */
  roles: string[];
  /** The keys under which the organization knows the person: those it named, and all of its founder's. */
  addresses: Generated<string[]>;
  createdAt: Generated<Date>;
};

/** Asks somebody to become a member. Only the SHA-256 of its secret is stored. Past expires_at, PENDING is over. */
export type InvitationTable = {
  id: Generated<string>;
  organizationId: string;
  displayName: string;
  /** Of core/permissions.ts. */
  roles: string[];
  /** The wallet that may accept it; null: whoever holds the secret. */
  address: string | null;
  secretHash: Buffer;
  status: InvitationStatus;
  invitedByUserId: string;
  acceptedByUserId: string | null;
  createdAt: Generated<Date>;
  expiresAt: Date;
};

/** EIP-4361 nonces: each is used once, before it expires. */
export type SignInChallengeTable = {
  nonce: string;
  address: string;
  message: string;
  /** From where it was asked for; null where that is not known. */
  client: string | null;
  expiresAt: Date;
  usedAt: Date | null;
};

/** Only the SHA-256 of a session's token is stored. */
export type SessionTable = {
  id: Generated<string>;
  userId: string;
  tokenHash: Buffer;
  createdAt: Generated<Date>;
  expiresAt: Date;
  revokedAt: Date | null;
};

/** What creates money movement is recorded here once, in the transaction that does the work; never expires. */
export type IdempotencyKeyTable = {
  /** The organization, or the user where no organization exists yet. */
  scopeId: string;
  operation: string;
  key: string;
  inputHash: Buffer;
  objectId: string;
  createdAt: Generated<Date>;
};

/** A file on its way here, by the tus protocol; forgotten after a day. */
export type UploadTable = {
  id: Generated<string>;
  userId: string;
  /** Of the whole file. */
  sizeBytes: number;
  /** How many bytes, from its beginning, have arrived. */
  receivedBytes: Generated<number>;
  /** As its sender gave it (the header Upload-Metadata). */
  metadata: string | null;
  createdAt: Generated<Date>;
};

/** Bytes of an upload, written once. */
export type UploadPieceTable = {
  uploadId: string;
  startByte: number;
  bytes: Buffer;
};

export type ChainTable = {
  id: Generated<string>;
  caip2: string;
  name: string;
  family: ChainFamily;
  /** EIP-155 chain id; null for other families. */
  eip155ChainId: bigint | null;
  /** Blocks on top, itself included, that make a block CONFIRMED. */
  confirmedDepth: number;
  /** The same for FINAL; null where the node's `finalized` tag decides. */
  finalDepth: number | null;
  factoryAddress: string | null;
  vaultImplementation: string | null;
  /** With {hash} where the transaction goes. */
  explorerUrlTemplate: string | null;
  headNumber: bigint | null;
  headHash: string | null;
  headTimestamp: Date | null;
  finalNumber: bigint | null;
  /** The newest block the node itself has told of. */
  nodeHeadNumber: bigint | null;
};

/** The recent canonical blocks: enough to find where a reorg forked. Older ones are pruned. */
export type BlockTable = {
  chainId: string;
  number: bigint;
  hash: string;
  parentHash: string;
  timestamp: Date;
};

export type AssetTable = {
  id: Generated<string>;
  chainId: string;
  caip19: string;
  symbol: string;
  decimals: number;
  /** Null: the chain's native asset. */
  address: string | null;
};

export type AccountTable = {
  id: Generated<string>;
  organizationId: string;
  chainId: string;
  name: string;
  status: AccountStatus;
  custody: Custody;
  /** Predicted when opening; shown to clients once it stands on chain. */
  address: string;
  /** As the chain says at the indexed head (while OPENING: as asked for; 0 and none of one that is being adopted). */
  threshold: number;
  owners: string[];
  safeNonce: Generated<bigint>;
  /** Null: adopted, not made here. */
  saltNonce: bigint | null;
  openedAtBlock: bigint | null;
  createdAt: Generated<Date>;
};

/** What an account's Safe is made of, as its storage said at a block. */
export type AccountInspectionTable = {
  accountId: string;
  organizationId: string;
  singleton: string;
  /** Of the singleton; null where it is unknown. */
  version: string | null;
  owners: string[];
  modules: string[];
  guard: string | null;
  fallbackHandler: string | null;
  /** Of core/safeFaults.ts. */
  faults: Json;
  blockNumber: bigint;
};

/** Read from the chain at a block, whenever a block moved the account's money. */
export type AccountBalanceTable = {
  accountId: string;
  assetId: string;
  organizationId: string;
  units: bigint;
  asOfBlock: bigint;
};

export type TransferTable = {
  id: Generated<string>;
  organizationId: string;
  accountId: string;
  assetId: string;
  direction: TransferDirection;
  counterparty: string;
  units: bigint;
  status: TransferStatus;
  transactionId: string;
  blockNumber: bigint;
  blockHash: string;
  logIndex: number;
  occurredAt: Date;
};

/** Somebody in the address book. Never deleted: payouts refer to it. */
export type PayeeTable = {
  id: Generated<string>;
  organizationId: string;
  name: string;
  /** As names are compared and sorted: resolvers/payee/textKey.ts. */
  nameKey: string;
  reference: string;
  /** As references are compared; unique among those not archived. */
  referenceKey: string;
  createdByUserId: string;
  createdAt: Generated<Date>;
  archivedAt: Date | null;
};

/** Where a payee is paid, and what part of each line. The parts add up to 1,000,000. */
export type PayeeDestinationTable = {
  payeeId: string;
  position: number;
  organizationId: string;
  chainId: string;
  assetId: string;
  address: string;
  shareMillionths: number;
};

export type PayoutBatchTable = {
  id: Generated<string>;
  organizationId: string;
  accountId: string;
  chainId: string;
  assetId: string;
  title: string;
  status: PayoutBatchStatus;
  totalUnits: bigint;
  payoutCount: number;
  chunkCount: number;
  rowsPerChunk: number;
  gasPerPayout: number;
  merkleRoot: string;
  vaultAddress: string;
  openBy: Date | null;
  closeAfter: Date | null;
  manifestSha256: string | null;
  manifestByteSize: number | null;
  pendingCount: number;
  submittedCount: Generated<number>;
  includedCount: Generated<number>;
  confirmedCount: Generated<number>;
  finalCount: Generated<number>;
  undeliveredCount: Generated<number>;
  failedCount: Generated<number>;
  openedAtBlock: bigint | null;
  closedAtBlock: bigint | null;
  blockerCode: string | null;
  blockerMessage: string | null;
  /** The status that the open ended; a reorg of the open goes back to it. */
  statusBeforeOpen: PayoutBatchStatus | null;
  /** The batch whose undelivered rows this one pays again. */
  retryOfBatchId: string | null;
  /** The first batch that the same file made; null for that one, and for what no split made. */
  importOfBatchId: string | null;
  /** How many payouts are marked as to a new recipient. */
  newRecipientCount: Generated<number>;
  /** Kept in payout_warning or not. */
  warningCount: Generated<number>;
  largestRowIndex: number | null;
  createdByUserId: string;
  createdAt: Generated<Date>;
  submittedAt: Date | null;
  completedAt: Date | null;
};

/** Written once, in bulk, never updated: its status is its chunk's, unless it has an exception of its own. */
export type PayoutTable = {
  id: Generated<string>;
  batchId: string;
  organizationId: string;
  rowIndex: number;
  recipient: string;
  units: bigint;
  memo: string | null;
  reference: string | null;
  /** Whose address it was when the batch was made. */
  payeeId: string | null;
  /** It was nobody's of the address book, and never paid before on this chain. */
  isNewRecipient: Generated<boolean>;
};

/** What was worth a look when a batch was made: the first 1,000, in the order of its rows. */
export type PayoutWarningTable = {
  batchId: string;
  position: number;
  organizationId: string;
  rowIndex: number;
  code: string;
  message: string;
};

export type PayoutChunkTable = {
  batchId: string;
  chunkIndex: number;
  organizationId: string;
  firstRowIndex: number;
  rowCount: number;
  totalUnits: bigint;
  /** The bytes that are hashed, signed for and executed: 32 a row. */
  packedRows: Buffer;
  /** Never UNDELIVERED or FAILED: those are rows' own. */
  status: PayoutStatus;
  /** The transaction that is to execute it, or the one that did, whoever sent it. */
  transactionId: string | null;
  blockNumber: bigint | null;
  /** That block's time. */
  includedAt: Date | null;
};

/** A row that differs from its chunk: the chain could not deliver it (and perhaps did later, by a retry). */
export type PayoutExceptionTable = {
  batchId: string;
  rowIndex: number;
  organizationId: string;
  chunkIndex: number;
  status: PayoutStatus;
  failureCode: PayoutFailureCode | null;
  failureMessage: string | null;
  /** The block that delivered it after all. */
  blockNumber: bigint | null;
  transactionId: string | null;
};

/** A row that another batch pays again. Live until that batch ends without paying; one live retry a row. */
export type PayoutRetryTable = {
  batchId: string;
  rowIndex: number;
  organizationId: string;
  originalPayoutId: string;
  live: Generated<boolean>;
};

/** What an organization has stopped for now. Resuming deletes the row. */
export type PayoutPauseTable = {
  id: Generated<string>;
  organizationId: string;
  scope: PauseScope;
  /** Exactly one of these three, as the scope says. */
  chainId: string | null;
  accountId: string | null;
  batchId: string | null;
  reason: string;
  pausedByUserId: string;
  pausedAt: Generated<Date>;
};

export type ApprovalTable = {
  id: Generated<string>;
  organizationId: string;
  accountId: string;
  chainId: string;
  batchId: string;
  kind: ApprovalKind;
  status: ApprovalStatus;
  safeNonce: bigint;
  /** The Safe transaction that is signed; every field not here is zero. */
  transactionTo: string;
  transactionData: Buffer;
  transactionOperation: number;
  /** Its EIP-712 hash. */
  digest: string;
  expiresAt: Date;
  replacedById: string | null;
  requestedByUserId: string;
  createdAt: Generated<Date>;
  /** The block in which the chain executed it. */
  executedAtBlock: bigint | null;
  executedTransactionId: string | null;
};

export type ApprovalDecisionTable = {
  id: Generated<string>;
  approvalId: string;
  organizationId: string;
  signerAddress: string;
  /** Null: signed in another Safe tool. */
  signerId: string | null;
  userId: string | null;
  verdict: Verdict;
  signature: Buffer | null;
  reason: string | null;
  decidedAt: Generated<Date>;
};

export type ChainTransactionTable = {
  id: Generated<string>;
  chainId: string;
  /** Null only for what belongs to nobody here. */
  organizationId: string | null;
  accountId: string | null;
  batchId: string | null;
  chunkIndex: number | null;
  approvalId: string | null;
  kind: TransactionKind;
  status: TransactionStatus;
  hash: string;
  /** The signed bytes, committed before the first send; null for other people's transactions. */
  rawTransaction: Buffer | null;
  sender: string | null;
  nonce: bigint | null;
  gasLimit: bigint | null;
  maxFeePerGas: bigint | null;
  maxPriorityFeePerGas: bigint | null;
  /** The newest block that the node had when this was signed. */
  signedAtBlock: bigint | null;
  blockNumber: bigint | null;
  blockHash: string | null;
  includedAt: Date | null;
  /** gasUsed × effectiveGasPrice, in the native asset's base units. */
  feeUnits: bigint | null;
  broadcastCount: number | null;
  lastBroadcastAt: Date | null;
  /** Why nodes turned it away when it was sent last; null when one took it. */
  lastRefusal: SendRefusal | null;
  replacedById: string | null;
  createdAt: Generated<Date>;
};

/** What a chain asks for at the moment, as a worker saw it last. */
export type ChainFeeTable = {
  chainId: string;
  /** Of the next block, in wei for a unit of gas. */
  baseFeePerGas: bigint;
  /** What blocks take on top, in wei for a unit of gas. */
  maxPriorityFeePerGas: bigint;
  /** What publishing a byte of a transaction costs besides, in the native asset's base units. */
  dataFeeUnitsPerByte: bigint;
  /** Since when the chain asks for more than its policy's first cap; null while it does not. */
  capReachedAt: Date | null;
  observedAt: Date;
};

/** One relayer key on one chain and the next nonce it will sign with. */
export type RelayerLaneTable = {
  chainId: string;
  address: string;
  nextNonce: bigint;
  /** How a worker found it last, since when, and why it is passed over while another lane can serve. */
  state: Generated<RelayerLaneState>;
  reason: string | null;
  since: Generated<Date>;
  /** When a transaction with this key was seen last that is not ours. */
  usedElsewhereAt: Date | null;
};

/** The number of the last entry. Its row lock is what makes numbers follow commit order. */
export type EventLogHeadTable = {
  organizationId: string;
  head: Generated<bigint>;
};

export type EventTable = {
  organizationId: string;
  number: bigint;
  type: EventType;
  subjectType: string;
  subjectId: string;
  payload: Json;
  occurredAt: Date;
};

export type Database = {
  organization: OrganizationTable;
  appUser: UserTable;
  signer: SignerTable;
  membership: MembershipTable;
  invitation: InvitationTable;
  signInChallenge: SignInChallengeTable;
  session: SessionTable;
  idempotencyKey: IdempotencyKeyTable;
  upload: UploadTable;
  uploadPiece: UploadPieceTable;
  chain: ChainTable;
  block: BlockTable;
  asset: AssetTable;
  account: AccountTable;
  accountInspection: AccountInspectionTable;
  accountBalance: AccountBalanceTable;
  transfer: TransferTable;
  payee: PayeeTable;
  payeeDestination: PayeeDestinationTable;
  payoutBatch: PayoutBatchTable;
  payout: PayoutTable;
  payoutWarning: PayoutWarningTable;
  payoutChunk: PayoutChunkTable;
  payoutException: PayoutExceptionTable;
  payoutRetry: PayoutRetryTable;
  payoutPause: PayoutPauseTable;
  approval: ApprovalTable;
  approvalDecision: ApprovalDecisionTable;
  chainTransaction: ChainTransactionTable;
  chainFee: ChainFeeTable;
  relayerLane: RelayerLaneTable;
  eventLogHead: EventLogHeadTable;
  event: EventTable;
};
