-- SPDX-License-Identifier: Apache-2.0
-- An engineer learns on which days somebody opened the numbers they are counted in, and how often:
-- days and counts, no names, and of no team but their own.

create function audit.looks_at_own_team(since date) returns table (day date, looks int)
  language sql stable security definer set search_path = pg_catalog as
$$
  select (e.recorded_at at time zone 'UTC')::date, count(*)::int
    from audit.entry e
    join identity.person p
      on p.org_id = e.org_id
     and p.id = nullif(current_setting('app.person_id', true), '')::uuid
   where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
     and e.action = 'team.read'
     and e.recorded_at >= since
     and convert_from(e.leaf, 'UTF8')::jsonb ->> 'target' = 'team:' || p.team_id
   group by 1
   order by 1 desc
$$;

grant execute on function audit.looks_at_own_team(date) to engineer_api;

-- Whether they were counted in a week depends on the day they joined.
grant select (joined_on) on identity.person to engineer_api;
