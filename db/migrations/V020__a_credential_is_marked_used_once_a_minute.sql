-- SPDX-License-Identifier: Apache-2.0
-- Marking every use wrote a row for every request, and requests under one credential waited for each
-- other. A minute is exact enough for "last used"; only a link is marked at once, for it opens once.

grant create on schema identity to credential_door;
set local role credential_door;

create or replace function identity.open_door(
    presented bytea, wanted identity.credential_kind)
  returns table (credential_id uuid, org_id uuid, person_id uuid, role text, team_id uuid)
  language sql volatile security definer set search_path = pg_catalog as
$$
  with good as (
    select c.id, c.org_id, c.person_id, p.role, p.team_id, c.kind = 'sign_in_link' as opens_once
      from identity.credential c
      join identity.person p on p.org_id = c.org_id and p.id = c.person_id
     where c.hash = presented
       and c.kind = wanted
       and c.revoked_at is null
       and c.expires_at > now()
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
  select g.id, g.org_id, g.person_id, g.role::text, g.team_id
    from good g
   where not g.opens_once or exists (select from marked m where m.id = g.id)
$$;

reset role;
revoke create on schema identity from credential_door;
