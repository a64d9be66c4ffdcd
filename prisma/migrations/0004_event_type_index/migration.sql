-- `Organization.events(types:)` finds the entries of rare types without walking over all others.
create index event_organization_id_type_number_idx on "event" (organization_id, type, number);
