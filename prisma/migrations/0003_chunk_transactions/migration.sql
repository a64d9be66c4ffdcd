-- A chunk's transactions, asked for by the payout engine for every chunk it is about to send.
create index chain_transaction_chunk on "chain_transaction" (batch_id, chunk_index) where chunk_index is not null;
