#!/bin/sh
# Run once by the postgres image on an empty volume: the role that owns the tables, the role that the processes connect
# as, and the database.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
create role protocol_banks_owner login password :'owner_password';
create role protocol_banks_app login password :'app_password';
create database protocol_banks owner protocol_banks_owner;
revoke all on database protocol_banks from public;
grant connect on database protocol_banks to protocol_banks_app;
SQL
