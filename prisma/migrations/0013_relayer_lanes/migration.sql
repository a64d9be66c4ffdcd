-- How a lane stands, as a worker saw it last: of several, a healthy one is chosen for new work. What is signed is looked
-- after in every state.
create type "RelayerLaneState" as enum ('ACTIVE', 'STUCK', 'UNFUNDED', 'DELEGATED', 'USED_ELSEWHERE');
alter table "relayer_lane"
  add column "state" "RelayerLaneState" not null default 'ACTIVE',
  add column "reason" text,
  add column "since" timestamptz(6) not null default clock_timestamp(),
  add column "used_elsewhere_at" timestamptz(6);
alter table "relayer_lane" add check (("state" = 'ACTIVE') = ("reason" is null));
