-- SPDX-License-Identifier: Apache-2.0
-- A second factor: codes of an authenticator app (RFC 6238). Whoever has one is asked for it, and an
-- organization may ask it of everybody. Until it is shown, a session opens nothing but the page that asks.

alter table identity.organization
  add column second_factor_required boolean not null default false;

alter table identity.credential
  add column proved_factors smallint not null default 1
    constraint proved_factors check (proved_factors in (1, 2));

create table identity.totp (
  org_id uuid not null,
  person_id uuid not null,
  -- Under a key that is not in the database, bound to organization and person.
  sealed bytea not null constraint sealed check (octet_length(sealed) between 29 and 128),
  confirmed_at timestamptz,
  -- The last step whose code was used: no code works twice.
  last_step bigint not null default 0,
  primary key (org_id, person_id),
  foreign key (org_id, person_id) references identity.person
);

alter table identity.totp enable row level security;
alter table identity.totp force row level security;

create policy own_organization on identity.totp
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_door_sees_all on identity.totp for select to credential_door using (true);
create policy the_door_sees_all on identity.organization for select to credential_door using (true);

grant select, insert, delete, update (sealed, confirmed_at, last_step) on identity.totp to identity_api;
grant update (proved_factors) on identity.credential to identity_api;
grant select (org_id, person_id, confirmed_at) on identity.totp to credential_door;
grant select (id, second_factor_required) on identity.organization to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

drop function identity.open_door(bytea, identity.credential_kind);

create function identity.open_door(
    presented bytea, wanted identity.credential_kind)
  returns table (
    credential_id uuid, org_id uuid, person_id uuid, role text, team_id uuid, fresh boolean,
    complete boolean)
  language sql volatile security definer set search_path = pg_catalog as
$$
  with good as (
    select c.id, c.org_id, c.person_id, p.role, p.team_id, c.kind = 'sign_in_link' as opens_once,
           c.proved_at > now() - interval '10 minutes' as fresh,
           c.kind <> 'session' or c.proved_factors >= 2
             or not (o.second_factor_required
                     or exists (select from identity.totp t
                                 where t.org_id = c.org_id and t.person_id = c.person_id
                                   and t.confirmed_at is not null)) as complete
      from identity.credential c
      join identity.person p on p.org_id = c.org_id and p.id = c.person_id
      join identity.organization o on o.id = c.org_id
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
  select g.id, g.org_id, g.person_id, g.role::text, g.team_id, g.fresh, g.complete
    from good g
   where not g.opens_once or exists (select from marked m where m.id = g.id)
$$;

revoke all on function identity.open_door(bytea, identity.credential_kind) from public;
grant execute on function identity.open_door(bytea, identity.credential_kind) to
  identity_api, ingest_writer;

reset role;
revoke create on schema identity from credential_door;
