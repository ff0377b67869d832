-- SPDX-License-Identifier: Apache-2.0
-- What is personal about an entry is not in its leaf: the leaf has a salted hash, and salt and value lie
-- here, where they can be erased. Without its salt nobody can even guess at a value.

set local sourceblind.amendment = 'V053: personal parts of entries that can be erased';

create table audit.private_part (
  org_id uuid not null,
  entry_uid uuid not null,
  name text collate "C" not null constraint name check (name ~ '^[a-z][a-z0-9_]{0,30}$'),
  salt bytea not null constraint salt check (octet_length(salt) = 32),
  value bytea not null constraint value check (octet_length(value) between 1 and 4096),
  primary key (org_id, entry_uid, name)
);

alter table audit.private_part enable row level security;
alter table audit.private_part force row level security;

create policy own_organization on audit.private_part
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy read_is_recorded on audit.private_part as restrictive for select
  to reviewer_api using ((select audit.read_is_recorded()));

-- Written with the entry, opened in an export, erased on request; never changed.
grant insert on audit.private_part to
  ingest_writer, manager_api, engineer_api, reviewer_api, identity_api, releaser, retention;
grant select on audit.private_part to reviewer_api;
grant select (org_id, entry_uid), delete on audit.private_part to identity_api;
