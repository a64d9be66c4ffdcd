-- Members are invited, change roles and leave, and the log tells of each change.
alter type "EventType" add value 'MEMBER_INVITED';
alter type "EventType" add value 'INVITATION_REVOKED';
alter type "EventType" add value 'MEMBER_JOINED';
alter type "EventType" add value 'MEMBER_ROLES_CHANGED';
alter type "EventType" add value 'MEMBER_REMOVED';
alter type "EventType" add value 'ORGANIZATION_UPDATED';

-- Whoever proposes a batch does not approve it, where an organization says so.
alter table "organization" add column "separates_duties" boolean not null default false;

create type "InvitationStatus" as enum ('PENDING', 'ACCEPTED', 'REVOKED');
create table "invitation" (
    "id" uuid not null default uuidv7(),
    "organization_id" uuid not null references "organization" (id),
    "display_name" text not null,
    "roles" text[],
    "address" text,
    "secret_hash" bytea not null,
    "status" "InvitationStatus" not null,
    "invited_by_user_id" uuid not null references "app_user" (id),
    "accepted_by_user_id" uuid references "app_user" (id),
    "created_at" timestamptz(6) not null default current_timestamp,
    "expires_at" timestamptz(6) not null,

    constraint "invitation_pkey" primary key ("id"),
    check (roles <@ array['OWNER', 'ADMIN', 'PROPOSER', 'APPROVER', 'VIEWER'] and cardinality(roles) > 0),
    check (octet_length(secret_hash) = 32),
    check ((status = 'ACCEPTED') = (accepted_by_user_id is not null)),
    check (expires_at > created_at)
);
create unique index "invitation_secret_hash_key" on "invitation" ("secret_hash");
create index "invitation_organization_id_id_idx" on "invitation" ("organization_id", "id");
-- What may still be accepted is counted with every new one, and ends with the member who asked.
create index invitation_pending on "invitation" ("organization_id", "invited_by_user_id") where "status" = 'PENDING';
