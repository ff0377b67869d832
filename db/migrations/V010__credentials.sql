-- SPDX-License-Identifier: Apache-2.0
-- What someone shows to be let in. Only a keyed hash is kept, so a copied table opens nothing.

create domain identity.credential_kind as text collate "C"
  constraint credential_kind check (value in ('device', 'api', 'session', 'sign_in_link'));

create table identity.credential (
  id uuid primary key,
  org_id uuid not null references identity.organization,
  person_id uuid not null,
  kind identity.credential_kind not null,
  label identity.label not null,
  hash bytea not null unique constraint hash check (octet_length(hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
    constraint expires_within_a_year check (expires_at <= created_at + interval '366 days'),
  used_at timestamptz,
  revoked_at timestamptz,
  foreign key (org_id, person_id) references identity.person
);

alter table identity.credential enable row level security;
alter table identity.credential force row level security;

create policy own_organization on identity.credential
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

grant select, insert on identity.credential to identity_api;
grant update (revoked_at, used_at) on identity.credential to identity_api;

-- A credential is looked up before anyone knows whose it is. This is the one door for that: it
-- takes a hash and answers with one row or none, and only its owner may see across organizations.
grant select, update (used_at) on identity.credential to credential_door;
grant select (org_id, id, team_id, role) on identity.person to credential_door;
create policy the_door_sees_all on identity.credential to credential_door using (true) with check (true);
create policy the_door_sees_all on identity.person for select to credential_door using (true);

create function identity.open_door(presented bytea, wanted identity.credential_kind)
  returns table (credential_id uuid, org_id uuid, person_id uuid, role text, team_id uuid)
  language sql volatile security definer set search_path = pg_catalog as
$$
  -- A link opens once: whoever comes second finds it used.
  update identity.credential c
     set used_at = now()
    from identity.person p
   where c.hash = presented
     and c.kind = wanted
     and c.revoked_at is null
     and c.expires_at > now()
     and (c.kind <> 'sign_in_link' or c.used_at is null)
     and p.org_id = c.org_id
     and p.id = c.person_id
  returning c.id, c.org_id, c.person_id, p.role::text, p.team_id
$$;

grant execute on function identity.open_door(bytea, identity.credential_kind) to
  identity_api, ingest_writer;

grant credential_door to current_user with set true, inherit false;
grant create on schema identity to credential_door;
alter function identity.open_door(bytea, identity.credential_kind) owner to credential_door;
revoke create on schema identity from credential_door;
