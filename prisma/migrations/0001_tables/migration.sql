-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "ChainFamily" AS ENUM ('EVM', 'SOLANA');

-- CreateEnum
CREATE TYPE "SignerKind" AS ENUM ('WALLET', 'PASSKEY');

-- CreateEnum
CREATE TYPE "AccountStatus" AS ENUM ('OPENING', 'ACTIVE', 'CLOSED');

-- CreateEnum
CREATE TYPE "Custody" AS ENUM ('SAFE', 'THRESHOLD_KEY');

-- CreateEnum
CREATE TYPE "PayoutBatchStatus" AS ENUM ('DRAFT', 'PENDING_APPROVAL', 'APPROVED', 'EXECUTING', 'COMPLETED', 'PARTIALLY_FAILED', 'FAILED', 'REJECTED', 'CANCELLING', 'CANCELLED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "PayoutStatus" AS ENUM ('PENDING', 'SUBMITTED', 'INCLUDED', 'CONFIRMED', 'FINAL', 'UNDELIVERED', 'FAILED');

-- CreateEnum
CREATE TYPE "PayoutFailureCode" AS ENUM ('RECIPIENT_REVERTED', 'TOKEN_REFUSED', 'SCREENED', 'CANCELLED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "ApprovalKind" AS ENUM ('PAYOUT_OPEN', 'PAYOUT_CLOSE');

-- CreateEnum
CREATE TYPE "ApprovalStatus" AS ENUM ('PENDING', 'APPROVED', 'REJECTED', 'STALE', 'EXPIRED', 'CANCELLED', 'EXECUTED');

-- CreateEnum
CREATE TYPE "Verdict" AS ENUM ('GRANTED', 'REJECTED');

-- CreateEnum
CREATE TYPE "TransactionKind" AS ENUM ('OPEN', 'CHUNK', 'RETRY', 'CLOSE', 'CANCEL', 'ACCOUNT', 'FOREIGN');

-- CreateEnum
CREATE TYPE "TransactionStatus" AS ENUM ('SIGNED', 'BROADCAST', 'INCLUDED', 'CONFIRMED', 'FINAL', 'REVERTED', 'REPLACED');

-- CreateEnum
CREATE TYPE "TransferDirection" AS ENUM ('IN', 'OUT');

-- CreateEnum
CREATE TYPE "TransferStatus" AS ENUM ('INCLUDED', 'CONFIRMED', 'FINAL', 'REORGED');

-- CreateEnum
CREATE TYPE "EventType" AS ENUM ('ACCOUNT_OPENED', 'TRANSFER_INCLUDED', 'TRANSFER_CONFIRMED', 'TRANSFER_REORGED', 'PAYOUT_BATCH_CREATED', 'PAYOUT_BATCH_STATUS_CHANGED', 'PAYOUTS_CHANGED', 'PAYOUTS_REORGED', 'APPROVAL_REQUESTED', 'APPROVAL_DECIDED', 'APPROVAL_STATUS_CHANGED');

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "display_name" TEXT NOT NULL,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signer" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "user_id" UUID NOT NULL,
    "kind" "SignerKind" NOT NULL,
    "label" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "signer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "roles" TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("organization_id","user_id")
);

-- CreateTable
CREATE TABLE "sign_in_challenge" (
    "nonce" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "sign_in_challenge_pkey" PRIMARY KEY ("nonce")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "user_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "scope_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "object_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("scope_id","operation","key")
);

-- CreateTable
CREATE TABLE "chain" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "caip2" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "family" "ChainFamily" NOT NULL,
    "eip155_chain_id" BIGINT,
    "confirmed_depth" INTEGER NOT NULL,
    "final_depth" INTEGER,
    "factory_address" TEXT,
    "vault_implementation" TEXT,
    "explorer_url_template" TEXT,
    "head_number" BIGINT,
    "head_hash" TEXT,
    "head_timestamp" TIMESTAMPTZ(6),
    "final_number" BIGINT,
    "node_head_number" BIGINT,

    CONSTRAINT "chain_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "block" (
    "chain_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "parent_hash" TEXT NOT NULL,
    "timestamp" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "block_pkey" PRIMARY KEY ("chain_id","number")
);

-- CreateTable
CREATE TABLE "asset" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "chain_id" UUID NOT NULL,
    "caip19" TEXT NOT NULL,
    "symbol" TEXT NOT NULL,
    "decimals" INTEGER NOT NULL,
    "address" TEXT,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "organization_id" UUID NOT NULL,
    "chain_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" "AccountStatus" NOT NULL,
    "custody" "Custody" NOT NULL,
    "address" TEXT NOT NULL,
    "threshold" INTEGER NOT NULL,
    "owners" TEXT[],
    "safe_nonce" BIGINT NOT NULL DEFAULT 0,
    "salt_nonce" DECIMAL(78,0) NOT NULL,
    "opened_at_block" BIGINT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_balance" (
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "units" DECIMAL(78,0) NOT NULL,
    "as_of_block" BIGINT NOT NULL,

    CONSTRAINT "account_balance_pkey" PRIMARY KEY ("account_id","asset_id")
);

-- CreateTable
CREATE TABLE "transfer" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "direction" "TransferDirection" NOT NULL,
    "counterparty" TEXT NOT NULL,
    "units" DECIMAL(78,0) NOT NULL,
    "status" "TransferStatus" NOT NULL,
    "transaction_id" UUID NOT NULL,
    "block_number" BIGINT NOT NULL,
    "block_hash" TEXT NOT NULL,
    "log_index" INTEGER NOT NULL,
    "occurred_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout_batch" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "chain_id" UUID NOT NULL,
    "asset_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "status" "PayoutBatchStatus" NOT NULL,
    "total_units" DECIMAL(78,0) NOT NULL,
    "payout_count" INTEGER NOT NULL,
    "chunk_count" INTEGER NOT NULL,
    "rows_per_chunk" INTEGER NOT NULL,
    "gas_per_payout" INTEGER NOT NULL,
    "merkle_root" TEXT NOT NULL,
    "vault_address" TEXT NOT NULL,
    "open_by" TIMESTAMPTZ(6),
    "close_after" TIMESTAMPTZ(6),
    "manifest_sha256" TEXT,
    "manifest_byte_size" INTEGER,
    "pending_count" INTEGER NOT NULL,
    "submitted_count" INTEGER NOT NULL DEFAULT 0,
    "included_count" INTEGER NOT NULL DEFAULT 0,
    "confirmed_count" INTEGER NOT NULL DEFAULT 0,
    "final_count" INTEGER NOT NULL DEFAULT 0,
    "undelivered_count" INTEGER NOT NULL DEFAULT 0,
    "failed_count" INTEGER NOT NULL DEFAULT 0,
    "opened_at_block" BIGINT,
    "closed_at_block" BIGINT,
    "blocker_code" TEXT,
    "blocker_message" TEXT,
    "retry_of_batch_id" UUID,
    "created_by_user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "submitted_at" TIMESTAMPTZ(6),
    "completed_at" TIMESTAMPTZ(6),

    CONSTRAINT "payout_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "batch_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "recipient" TEXT NOT NULL,
    "units" DECIMAL(78,0) NOT NULL,
    "memo" TEXT,
    "reference" TEXT,

    CONSTRAINT "payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payout_chunk" (
    "batch_id" UUID NOT NULL,
    "chunk_index" INTEGER NOT NULL,
    "organization_id" UUID NOT NULL,
    "first_row_index" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "total_units" DECIMAL(78,0) NOT NULL,
    "packed_rows" BYTEA NOT NULL,
    "status" "PayoutStatus" NOT NULL,
    "transaction_id" UUID,
    "block_number" BIGINT,

    CONSTRAINT "payout_chunk_pkey" PRIMARY KEY ("batch_id","chunk_index")
);

-- CreateTable
CREATE TABLE "payout_exception" (
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "organization_id" UUID NOT NULL,
    "chunk_index" INTEGER NOT NULL,
    "status" "PayoutStatus" NOT NULL,
    "failure_code" "PayoutFailureCode",
    "failure_message" TEXT,
    "block_number" BIGINT,
    "transaction_id" UUID,

    CONSTRAINT "payout_exception_pkey" PRIMARY KEY ("batch_id","row_index")
);

-- CreateTable
CREATE TABLE "payout_retry" (
    "batch_id" UUID NOT NULL,
    "row_index" INTEGER NOT NULL,
    "organization_id" UUID NOT NULL,
    "original_payout_id" UUID NOT NULL,
    "live" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "payout_retry_pkey" PRIMARY KEY ("batch_id","row_index")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "organization_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "chain_id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "kind" "ApprovalKind" NOT NULL,
    "status" "ApprovalStatus" NOT NULL,
    "safe_nonce" BIGINT NOT NULL,
    "transaction_to" TEXT NOT NULL,
    "transaction_data" BYTEA NOT NULL,
    "transaction_operation" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "replaced_by_id" UUID,
    "requested_by_user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "executed_at_block" BIGINT,
    "executed_transaction_id" UUID,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval_decision" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "approval_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "signer_address" TEXT NOT NULL,
    "signer_id" UUID,
    "user_id" UUID,
    "verdict" "Verdict" NOT NULL,
    "signature" BYTEA,
    "reason" TEXT,
    "decided_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chain_transaction" (
    "id" UUID NOT NULL DEFAULT uuidv7(),
    "chain_id" UUID NOT NULL,
    "organization_id" UUID,
    "account_id" UUID,
    "batch_id" UUID,
    "chunk_index" INTEGER,
    "approval_id" UUID,
    "kind" "TransactionKind" NOT NULL,
    "status" "TransactionStatus" NOT NULL,
    "hash" TEXT NOT NULL,
    "raw_transaction" BYTEA,
    "sender" TEXT,
    "nonce" BIGINT,
    "gas_limit" BIGINT,
    "max_fee_per_gas" DECIMAL(78,0),
    "block_number" BIGINT,
    "block_hash" TEXT,
    "included_at" TIMESTAMPTZ(6),
    "fee_units" DECIMAL(78,0),
    "broadcast_count" INTEGER,
    "last_broadcast_at" TIMESTAMPTZ(6),
    "replaced_by_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chain_transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relayer_lane" (
    "chain_id" UUID NOT NULL,
    "address" TEXT NOT NULL,
    "next_nonce" BIGINT NOT NULL,

    CONSTRAINT "relayer_lane_pkey" PRIMARY KEY ("chain_id","address")
);

-- CreateTable
CREATE TABLE "event_log_head" (
    "organization_id" UUID NOT NULL,
    "head" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "event_log_head_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "event" (
    "organization_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "type" "EventType" NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "payload" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("organization_id","number")
);

-- CreateIndex
CREATE UNIQUE INDEX "signer_address_key" ON "signer"("address");

-- CreateIndex
CREATE INDEX "signer_user_id_idx" ON "signer"("user_id");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE INDEX "sign_in_challenge_expires_at_idx" ON "sign_in_challenge"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "chain_caip2_key" ON "chain"("caip2");

-- CreateIndex
CREATE UNIQUE INDEX "asset_caip19_key" ON "asset"("caip19");

-- CreateIndex
CREATE UNIQUE INDEX "asset_chain_id_address_key" ON "asset"("chain_id", "address");

-- CreateIndex
CREATE INDEX "account_organization_id_id_idx" ON "account"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "account_chain_id_address_key" ON "account"("chain_id", "address");

-- CreateIndex
CREATE INDEX "transfer_account_id_id_idx" ON "transfer"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "transfer_account_id_block_hash_log_index_direction_key" ON "transfer"("account_id", "block_hash", "log_index", "direction");

-- CreateIndex
CREATE INDEX "payout_batch_organization_id_id_idx" ON "payout_batch"("organization_id", "id");

-- CreateIndex
CREATE INDEX "payout_batch_account_id_id_idx" ON "payout_batch"("account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "payout_batch_chain_id_vault_address_key" ON "payout_batch"("chain_id", "vault_address");

-- CreateIndex
CREATE INDEX "payout_organization_id_recipient_idx" ON "payout"("organization_id", "recipient");

-- CreateIndex
CREATE INDEX "payout_organization_id_reference_idx" ON "payout"("organization_id", "reference");

-- CreateIndex
CREATE UNIQUE INDEX "payout_batch_id_row_index_key" ON "payout"("batch_id", "row_index");

-- CreateIndex
CREATE UNIQUE INDEX "payout_batch_id_reference_key" ON "payout"("batch_id", "reference");

-- CreateIndex
CREATE INDEX "payout_chunk_batch_id_status_idx" ON "payout_chunk"("batch_id", "status");

-- CreateIndex
CREATE INDEX "payout_retry_original_payout_id_idx" ON "payout_retry"("original_payout_id");

-- CreateIndex
CREATE UNIQUE INDEX "approval_digest_key" ON "approval"("digest");

-- CreateIndex
CREATE INDEX "approval_organization_id_id_idx" ON "approval"("organization_id", "id");

-- CreateIndex
CREATE INDEX "approval_batch_id_idx" ON "approval"("batch_id");

-- CreateIndex
CREATE UNIQUE INDEX "approval_decision_approval_id_signer_address_key" ON "approval_decision"("approval_id", "signer_address");

-- CreateIndex
CREATE INDEX "chain_transaction_batch_id_id_idx" ON "chain_transaction"("batch_id", "id");

-- CreateIndex
CREATE INDEX "chain_transaction_chain_id_block_number_idx" ON "chain_transaction"("chain_id", "block_number");

-- CreateIndex
CREATE UNIQUE INDEX "chain_transaction_chain_id_hash_key" ON "chain_transaction"("chain_id", "hash");

-- CreateIndex
CREATE INDEX "event_organization_id_subject_id_number_idx" ON "event"("organization_id", "subject_id", "number");
