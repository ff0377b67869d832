-- SPDX-License-Identifier: Apache-2.0
-- Somebody is counted in the groups of their epochs, not in the team that they are in today; and the
-- organization's line is made of all of them.

set local sourceblind.amendment = 'V082: looks at the groups that somebody was counted in';

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
    join own_group on convert_from(e.leaf, 'UTF8')::jsonb ->> 'target' = own_group.target
   where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
     and e.action = 'team.read'
     and e.recorded_at >= since
   group by 1
   order by 1 desc
$$;
