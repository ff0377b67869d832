-- SPDX-License-Identifier: Apache-2.0
-- What the signer has signed: a copy for whoever asks. The signer's own memory is the authority.

set local sourceblind.amendment = 'V051: signed checkpoints of the trees';

create table audit.checkpoint (
  org_id uuid not null,
  size bigint not null constraint size check (size > 0),
  root bytea not null constraint root check (octet_length(root) = 32),
  note text collate "C" not null constraint note check (char_length(note) between 100 and 4000),
  signed_at timestamptz not null,
  primary key (org_id, size)
);

-- The log of the installation names an organization by a hash that only the organization can open.
create table audit.blinding (
  org_id uuid primary key,
  salt bytea not null constraint salt check (octet_length(salt) = 32)
);

create trigger no_change before update or delete on audit.checkpoint
  for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.checkpoint
  for each statement execute function audit.refuse();
create trigger no_change before update or delete on audit.blinding
  for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.blinding
  for each statement execute function audit.refuse();
alter table audit.checkpoint enable always trigger no_change;
alter table audit.checkpoint enable always trigger no_truncate;
alter table audit.blinding enable always trigger no_change;
alter table audit.blinding enable always trigger no_truncate;

alter table audit.checkpoint enable row level security;
alter table audit.checkpoint force row level security;
alter table audit.blinding enable row level security;
alter table audit.blinding force row level security;

create policy own_organization on audit.checkpoint for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy own_organization on audit.blinding for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_signer_serves_all on audit.checkpoint to audit_signer using (true) with check (true);
create policy the_signer_serves_all on audit.blinding to audit_signer using (true) with check (true);

grant select, insert on audit.checkpoint, audit.blinding to audit_signer;
grant select on audit.checkpoint, audit.blinding to reviewer_api;
