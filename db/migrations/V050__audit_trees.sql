-- SPDX-License-Identifier: Apache-2.0
-- Each organization's entries are the leaves of a Merkle tree of its own (RFC 9162), which has no gaps
-- by its primary key. The sequencer gives each committed entry its place; nothing here ever changes.

set local sourceblind.amendment = 'V050: the log becomes a tree for each organization';

do $$
declare
  role_name text;
begin
  foreach role_name in array array['audit_sequencer', 'audit_signer'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin noinherit nosuperuser nobypassrls', role_name);
    end if;
  end loop;
end $$;

grant usage on schema audit to audit_sequencer, audit_signer;

-- What is not yet in a tree is found by transaction: identities commit out of order.
create index entry_of_a_transaction on audit.entry (xid, id);

create policy the_sequencer_sees_every_hash on audit.entry for select to audit_sequencer using (true);

-- It sees no leaf, so it could not tell anybody what it puts in order.
grant select (id, entry_uid, org_id, xid, recorded_at, leaf_hash) on audit.entry to audit_sequencer;
grant insert (entry_uid, org_id, action, leaf) on audit.entry to audit_sequencer, audit_signer;
grant select (id, entry_uid, leaf_hash) on audit.entry to audit_signer;

create table audit.leaf (
  org_id uuid not null,
  idx bigint not null constraint idx check (idx >= 0),
  -- No foreign key: bodies may be let go one day, and the tree must still verify.
  entry_id bigint not null unique,
  leaf_hash bytea not null constraint leaf_hash check (octet_length(leaf_hash) = 32),
  primary key (org_id, idx)
);

-- The roots of complete subtrees of 256, 65,536, ... leaves, so that a proof reads few rows.
create table audit.node (
  org_id uuid not null,
  level smallint not null constraint level check (level between 1 and 7),
  idx bigint not null constraint idx check (idx >= 0),
  hash bytea not null constraint hash check (octet_length(hash) = 32),
  primary key (org_id, level, idx)
);

create trigger no_change before update or delete on audit.leaf
  for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.leaf
  for each statement execute function audit.refuse();
create trigger no_change before update or delete on audit.node
  for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.node
  for each statement execute function audit.refuse();
alter table audit.leaf enable always trigger no_change;
alter table audit.leaf enable always trigger no_truncate;
alter table audit.node enable always trigger no_change;
alter table audit.node enable always trigger no_truncate;

alter table audit.leaf enable row level security;
alter table audit.leaf force row level security;
alter table audit.node enable row level security;
alter table audit.node force row level security;

create policy own_organization on audit.leaf for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy own_organization on audit.node for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_sequencer_serves_all on audit.leaf to audit_sequencer using (true) with check (true);
create policy the_sequencer_serves_all on audit.node to audit_sequencer using (true) with check (true);
create policy the_signer_serves_all on audit.leaf for select to audit_signer using (true);
create policy the_signer_serves_all on audit.node for select to audit_signer using (true);

grant select, insert on audit.leaf, audit.node to audit_sequencer;
grant select (org_id, idx, leaf_hash) on audit.leaf to audit_signer;
grant select on audit.node to audit_signer;
grant select on audit.leaf, audit.node to reviewer_api;
