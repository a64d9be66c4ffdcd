-- Where a payee was paid before is asked for each payee of an import.
create index payout_payee on "payout" ("payee_id") where "payee_id" is not null;
