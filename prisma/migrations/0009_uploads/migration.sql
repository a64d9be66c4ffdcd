-- Files on their way here, in pieces, so that a connection or a process that ends loses none of what arrived.
create table "upload" (
    "id" uuid not null default uuidv7(),
    "user_id" uuid not null references "app_user" (id),
    "size_bytes" integer not null,
    "received_bytes" integer not null default 0,
    "metadata" text,
    "created_at" timestamptz(6) not null default current_timestamp,

    constraint "upload_pkey" primary key ("id"),
    check ("size_bytes" between 1 and 33554432),
    check ("received_bytes" between 0 and "size_bytes"),
    check (octet_length("metadata") <= 4096)
);
create index "upload_user_id_idx" on "upload" ("user_id");
create index "upload_created_at_idx" on "upload" ("created_at");

create table "upload_piece" (
    "upload_id" uuid not null references "upload" (id) on delete cascade,
    "start_byte" integer not null,
    "bytes" bytea not null,

    constraint "upload_piece_pkey" primary key ("upload_id", "start_byte"),
    check ("start_byte" >= 0),
    check (octet_length("bytes") between 1 and 1048576)
);
-- Workbooks are compressed already, and text is read once or twice.
alter table "upload_piece" alter column "bytes" set storage external;
