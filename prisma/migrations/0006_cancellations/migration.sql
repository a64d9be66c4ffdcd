-- A batch can come back to a nonce that it had before, with the same bytes: one of its approvals is live, not one for ever.
drop index "approval_digest_key";
create unique index approval_live_digest_key on "approval" ("digest") where "status" in ('PENDING', 'APPROVED');
create index "approval_digest_idx" on "approval" ("digest");

-- What a reorg of the open goes back to: a cancellation outlives it.
alter table "payout_batch" add column "status_before_open" "PayoutBatchStatus";
