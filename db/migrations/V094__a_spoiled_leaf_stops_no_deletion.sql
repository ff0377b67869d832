-- SPDX-License-Identifier: Apache-2.0
-- One leaf that somebody spoiled made deletion, its certificate and the page of who looked fail for its
-- whole organization.

set local sourceblind.amendment = 'V094: a spoiled leaf stops no deletion';

grant execute on function audit.said(bytea) to deletion_door;

grant create on schema identity to deletion_door;
set local role deletion_door;

-- Of a spoiled entry nobody can say whom it is about, so its personal parts go with the first who asks.
create or replace function identity.entries_with_personal_parts(wanted uuid) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog as
$$
declare
  d identity.deletion := identity.running_deletion(wanted);
begin
  return query
    select distinct p.entry_uid
      from audit.private_part p
      join audit.entry e on e.org_id = p.org_id and e.entry_uid = p.entry_uid
     cross join lateral (select audit.said(e.leaf) as said) s
     where p.org_id = d.org_id
       and (d.scope = 'organization'
            or s.said is null
            or s.said ->> 'actor' = d.person_id::text
            or s.said ->> 'target' = d.person_id::text);
end
$$;

create or replace function identity.entries_of_deletion(wanted uuid)
  returns table (idx bigint, entry_uid uuid, action text, hash text)
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  return query
    select l.idx, e.entry_uid, e.action::text, encode(e.leaf_hash, 'hex')
      from audit.entry e
      left join audit.leaf l on l.org_id = e.org_id and l.entry_id = e.id
     where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
       and e.action like 'deletion.%'
       and audit.said(e.leaf) ->> 'target' = 'deletion:' || wanted
     order by e.id;
end
$$;

reset role;
revoke create on schema identity from deletion_door;

create or replace function audit.looks_at_own_team(since date) returns table (day date, looks int)
  language sql stable security definer set search_path = pg_catalog as
$$
  with own_group as (
    select 'team:' || r.team_id as target
      from release.roster r
     where r.org_id = nullif(current_setting('app.org_id', true), '')::uuid
       and r.person_id = nullif(current_setting('app.person_id', true), '')::uuid
     union
    select 'team:' || p.team_id
      from identity.person p
     where p.org_id = nullif(current_setting('app.org_id', true), '')::uuid
       and p.id = nullif(current_setting('app.person_id', true), '')::uuid
       and p.team_id is not null
     union
    select 'organization'
  )
  select (e.recorded_at at time zone 'UTC')::date, count(*)::int
    from audit.entry e
    join own_group on audit.said(e.leaf) ->> 'target' = own_group.target
   where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
     and e.action = 'team.read'
     and e.recorded_at >= since
   group by 1
   order by 1 desc
$$;
