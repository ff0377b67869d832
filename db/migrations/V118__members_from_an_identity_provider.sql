-- SPDX-License-Identifier: Apache-2.0
-- An organization's identity provider makes and ends members and teams (SCIM 2.0, RFC 7643 and 7644). What it
-- calls them is kept here, and what it has deleted: of that the numbers and the log stay, and it sees nothing.

create domain identity.external_id as text collate "C"
  constraint external_id check (
    char_length(value) between 1 and 255 and value collate "C" !~ '[[:cntrl:]]');

create table identity.provisioned (
  org_id uuid not null references identity.organization,
  -- Of a person or of a team.
  id uuid not null,
  external_id identity.external_id,
  deleted_at timestamptz,
  primary key (org_id, id)
);

alter table identity.provisioned enable row level security;
alter table identity.provisioned force row level security;

create policy own_organization on identity.provisioned
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

grant select, insert, update (external_id, deleted_at) on identity.provisioned to identity_api;
grant update (name) on identity.team to identity_api;
