-- The address book: who is paid, where, and how one line is split over several addresses.
alter type "EventType" add value 'PAYEE_CREATED';
alter type "EventType" add value 'PAYEE_UPDATED';
alter type "EventType" add value 'PAYEE_ARCHIVED';

create table "payee" (
    "id" uuid not null default uuidv7(),
    "organization_id" uuid not null references "organization" (id),
    "name" text not null,
    "name_key" text not null,
    "reference" text not null,
    "reference_key" text not null,
    "created_by_user_id" uuid not null references "app_user" (id),
    "created_at" timestamptz(6) not null default current_timestamp,
    "archived_at" timestamptz(6),

    constraint "payee_pkey" primary key ("id"),
    constraint payee_id_organization_key unique (id, organization_id),
    check (name <> '' and name_key <> '' and reference <> '' and reference_key <> '')
);
-- A reference names one payee, and an archived one's is free again.
create unique index payee_live_reference_key on "payee" ("organization_id", "reference_key") where "archived_at" is null;
create index "payee_organization_id_name_key_id_idx" on "payee" ("organization_id", "name_key", "id");

create table "payee_destination" (
    "payee_id" uuid not null,
    "position" integer not null,
    "organization_id" uuid not null,
    "chain_id" uuid not null references "chain" (id),
    "asset_id" uuid not null references "asset" (id),
    "address" text not null,
    "share_millionths" integer not null,

    constraint "payee_destination_pkey" primary key ("payee_id", "position"),
    foreign key (payee_id, organization_id) references "payee" (id, organization_id),
    check ("position" between 0 and 9),
    check ("share_millionths" between 1 and 1000000)
);
create unique index "payee_destination_payee_id_asset_id_address_key" on "payee_destination" ("payee_id", "asset_id", "address");
create index "payee_destination_organization_id_address_idx" on "payee_destination" ("organization_id", "address");

-- The shares of a payee add up to the whole whenever a transaction ends.
create function require_whole_shares() returns trigger language plpgsql as $$
declare
    total integer;
begin
    select sum(share_millionths) into total from payee_destination
        where payee_id = coalesce(new.payee_id, old.payee_id);
    if total is distinct from 1000000 then
        raise exception 'The shares of payee % add up to % millionths', coalesce(new.payee_id, old.payee_id), total
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger payee_destination_whole_shares after insert or update or delete on "payee_destination"
    deferrable initially deferred for each row execute function require_whole_shares();

-- What a payout's recipient was to the organization when its batch was made. Of earlier batches nobody knows.
alter table "payout" add column "payee_id" uuid,
    add column "is_new_recipient" boolean not null default false,
    add foreign key (payee_id, organization_id) references "payee" (id, organization_id);
create index payout_new_recipient on "payout" ("batch_id", "row_index") where "is_new_recipient";
-- One line of a file can be several payouts of one batch, to different addresses.
create unique index "payout_batch_id_reference_recipient_key" on "payout" ("batch_id", "reference", "recipient");
drop index "payout_batch_id_reference_key";

alter table "payout_batch" add column "new_recipient_count" integer not null default 0,
    add column "warning_count" integer not null default 0,
    add column "largest_row_index" integer,
    add column "import_of_batch_id" uuid,
    add foreign key (import_of_batch_id, organization_id) references "payout_batch" (id, organization_id),
    add check (new_recipient_count between 0 and payout_count),
    add check (warning_count >= 0),
    add check (largest_row_index between 0 and payout_count - 1);
create index payout_batch_import on "payout_batch" ("import_of_batch_id") where "import_of_batch_id" is not null;
update "payout_batch" set largest_row_index = (
    select row_index from "payout" where "payout".batch_id = "payout_batch".id order by units desc, row_index limit 1);

-- What was worth a look when a batch was made, for those who approve it.
create table "payout_warning" (
    "batch_id" uuid not null,
    "position" integer not null,
    "organization_id" uuid not null,
    "row_index" integer not null,
    "code" text not null,
    "message" text not null,

    constraint "payout_warning_pkey" primary key ("batch_id", "position"),
    foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id),
    check ("position" between 0 and 999 and row_index >= 0)
);
