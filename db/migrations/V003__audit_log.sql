-- SPDX-License-Identifier: Apache-2.0
-- The append-only log. The leaf is the evidence: its exact bytes are what later proofs are about.

create table audit.entry (
  id bigint generated always as identity primary key,
  entry_uid uuid not null unique,
  org_id uuid not null,
  action text collate "C" not null constraint action check (action ~ '^[a-z][a-z0-9_.]{1,63}$'),
  xid xid8 not null default pg_current_xact_id(),
  recorded_at timestamptz not null default clock_timestamp(),
  leaf bytea not null constraint leaf_size check (octet_length(leaf) between 2 and 65535),
  -- RFC 9162, 2.1.1: a leaf is hashed with a zero byte before it.
  leaf_hash bytea not null generated always as (sha256('\x00'::bytea || leaf)) stored
);

create index entry_of_an_organization on audit.entry (org_id, id);

create function audit.refuse() returns trigger
  language plpgsql set search_path = pg_catalog as
$$
begin
  raise exception 'audit: % on %.% is refused, the log is append-only',
    lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;

create trigger no_change before update or delete on audit.entry
  for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.entry
  for each statement execute function audit.refuse();
-- Also under session_replication_role = replica, where ordinary triggers sleep.
alter table audit.entry enable always trigger no_change;
alter table audit.entry enable always trigger no_truncate;

alter table audit.entry enable row level security;
alter table audit.entry force row level security;

create policy own_organization_writes on audit.entry for insert
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy own_organization_reads on audit.entry for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

-- Storage order, transaction and time are the database's to say.
grant insert (entry_uid, org_id, action, leaf) on audit.entry to
  ingest_writer, manager_api, engineer_api, reviewer_api, identity_api, releaser, retention;
grant select (id, entry_uid, leaf_hash) on audit.entry to
  ingest_writer, manager_api, engineer_api, reviewer_api, identity_api, releaser, retention;
grant select on audit.entry to reviewer_api;
