-- SPDX-License-Identifier: Apache-2.0
-- Somebody who is removed from an organization is out with their next request, whatever they still
-- hold; their row stays, for what they did is on record under its id. And the door says whether a
-- session's owner has proved lately who they are: dangerous things ask for that again.

alter table identity.person add column removed_at timestamptz;

alter table identity.credential
  -- When its owner last proved who they are.
  add column proved_at timestamptz not null default now(),
  -- What was made for the same machine goes together.
  add column family uuid;

create index credential_of_a_person on identity.credential (org_id, person_id);
create index credential_of_a_family on identity.credential (org_id, family) where family is not null;

grant update (proved_at) on identity.credential to identity_api;
grant select (removed_at) on identity.person to credential_door;

alter domain identity.credential_kind drop constraint credential_kind;
alter domain identity.credential_kind add constraint credential_kind
  check (value in ('device', 'api', 'session', 'sign_in_link', 'refresh'));

grant create on schema identity to credential_door;
set local role credential_door;

drop function identity.open_door(bytea, identity.credential_kind);

create function identity.open_door(
    presented bytea, wanted identity.credential_kind)
  returns table (
    credential_id uuid, org_id uuid, person_id uuid, role text, team_id uuid, fresh boolean)
  language sql volatile security definer set search_path = pg_catalog as
$$
  with good as (
    select c.id, c.org_id, c.person_id, p.role, p.team_id, c.kind = 'sign_in_link' as opens_once,
           c.proved_at > now() - interval '10 minutes' as fresh
      from identity.credential c
      join identity.person p on p.org_id = c.org_id and p.id = c.person_id
     where c.hash = presented
       and c.kind = wanted
       and c.revoked_at is null
       and c.expires_at > now()
       and p.removed_at is null
       and (c.kind <> 'sign_in_link' or c.used_at is null)
  ), marked as (
    update identity.credential c
       set used_at = now()
      from good g
     where c.id = g.id
       -- Of two who bring a link at once, the second waits here and then finds it used.
       and (c.used_at is null or (not g.opens_once and c.used_at < now() - interval '1 minute'))
    returning c.id
  )
  select g.id, g.org_id, g.person_id, g.role::text, g.team_id, g.fresh
    from good g
   where not g.opens_once or exists (select from marked m where m.id = g.id)
$$;

revoke all on function identity.open_door(bytea, identity.credential_kind) from public;
grant execute on function identity.open_door(bytea, identity.credential_kind) to
  identity_api, ingest_writer;

reset role;
revoke create on schema identity from credential_door;
