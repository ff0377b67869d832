-- SPDX-License-Identifier: Apache-2.0
-- Somebody is asked into an organization, by mail: once, for a week, under one address and in one role.

create table identity.invitation (
  org_id uuid not null references identity.organization,
  id uuid not null,
  email identity.email not null,
  role identity.role not null,
  team_id uuid,
  hash bytea not null unique constraint hash check (octet_length(hash) = 32),
  invited_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
    constraint good_for_a_week check (expires_at <= created_at + interval '7 days'),
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, team_id) references identity.team,
  foreign key (org_id, invited_by) references identity.person
);

alter table identity.invitation enable row level security;
alter table identity.invitation force row level security;

create policy own_organization on identity.invitation
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_door_sees_all on identity.invitation for select to credential_door using (true);

grant select, insert, update (accepted_at, withdrawn_at) on identity.invitation to identity_api;
grant select (org_id, id, hash) on identity.invitation to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

-- Which organization asks; whether the invitation still stands is asked there.
create function identity.find_invitation(presented bytea) returns table (org_id uuid, id uuid)
  language sql stable security definer set search_path = pg_catalog as
$$
  select i.org_id, i.id from identity.invitation i where i.hash = presented
$$;

revoke all on function identity.find_invitation(bytea) from public;
grant execute on function identity.find_invitation(bytea) to identity_api;

reset role;
revoke create on schema identity from credential_door;
