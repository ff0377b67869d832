-- SPDX-License-Identifier: Apache-2.0
-- What happened in an organization on a day, for its managers. Whoever runs something (a manager, a
-- reviewer, billing, a job, the installation) is named with the time. What an engineer or their machine did
-- is counted for the day: no identity, no target, no hour, no place in the order of things.

set local sourceblind.amendment = 'V062: managers see what happened in their organization';

-- What a leaf says, or nothing if somebody spoiled it: one such leaf must not hide all others.
create function audit.said(leaf bytea) returns jsonb
  language plpgsql immutable set search_path = pg_catalog as
$$
begin
  return convert_from(leaf, 'UTF8')::jsonb;
exception when others then
  return null;
end
$$;

grant execute on function audit.said(bytea) to reviewer_api;

create function audit.what_happened_on(day date)
  returns table (at timestamptz, action text, actor_kind text, actor_name text, target text,
                 outcome text, times bigint)
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  perform audit.read_is_recorded();
  return query
    with entry as (
      select audit.said(e.leaf) as said
        from audit.entry e
       where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
         -- The column only makes this quick; the day is the leaf's.
         and e.recorded_at >= day::timestamp at time zone 'UTC' - interval '1 day'
         and e.recorded_at < day::timestamp at time zone 'UTC' + interval '2 days'),
    known as (
      select entry.said, p.name,
             entry.said ->> 'actor_kind' in ('job', 'operator') or p.id is not null as shown
        from entry
        left join identity.person p
          on p.org_id = nullif(current_setting('app.org_id', true), '')::uuid
         and p.id::text = entry.said ->> 'actor'
         and entry.said ->> 'actor_kind' = 'person'
         and p.role in ('manager', 'reviewer', 'billing')
       where entry.said is not null and left(entry.said ->> 'at', 10) = day::text)
    select case when known.shown then (known.said ->> 'at')::timestamptz end,
           known.said ->> 'action',
           case when known.shown then known.said ->> 'actor_kind' end,
           case when known.shown then known.name::text end,
           case when known.shown then known.said ->> 'target' end,
           known.said ->> 'outcome',
           count(*)
      from known
     group by 1, 2, 3, 4, 5, 6
     order by 1 desc nulls last, 2;
end
$$;

grant execute on function audit.what_happened_on(date) to manager_api;

-- The last day before another on which anything happened.
create function audit.last_day_before(day date) returns date
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  perform audit.read_is_recorded();
  return (select (e.recorded_at at time zone 'UTC')::date
            from audit.entry e
           where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
             and e.recorded_at < day::timestamp at time zone 'UTC'
           order by e.id desc
           limit 1);
end
$$;

grant execute on function audit.last_day_before(date) to manager_api;
