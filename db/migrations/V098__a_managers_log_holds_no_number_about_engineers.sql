-- SPDX-License-Identifier: Apache-2.0
-- A count that grows while a manager looks says who works now, and a count of one says who did it. So what
-- engineers and their machines did has no number at all: once a day is over, it says what eight of them or
-- more did. (Five, and the three that a release keeps secret.) Whoever ran something is named by the role
-- that they had then: today's manager may have been yesterday's engineer.

set local sourceblind.amendment = 'V098: a manager''s log holds no number about engineers';

-- When a leaf says it was, or nothing if what it says is no time.
create function audit.said_at(said jsonb) returns timestamptz
  language plpgsql stable set search_path = pg_catalog as
$$
begin
  return (said ->> 'at')::timestamptz;
exception when others then
  return null;
end
$$;

-- Few entries give a role; the whole log is not read to find them.
create index entry_that_gives_a_role on audit.entry (org_id, id)
  where action in ('person.added', 'member.changed', 'invitation.accepted');

drop function audit.what_happened_on(date);
drop function audit.last_day_before(date);

create function audit.what_happened_on(day date)
  returns table (at timestamptz, action text, actor_kind text, actor_name text, target text, outcome text)
  language plpgsql stable security definer set search_path = pg_catalog as
$$
declare
  org constant uuid := nullif(current_setting('app.org_id', true), '')::uuid;
  least_people constant int := 8;
begin
  perform audit.read_is_recorded();
  return query
    with entry as materialized (
      select e.id, s.said, audit.said_at(s.said) as said_at
        from audit.entry e
       cross join lateral (select audit.said(e.leaf) as said) s
       where e.org_id = org
         -- The column only makes this quick; the day is the leaf's.
         and e.recorded_at >= day::timestamp at time zone 'UTC' - interval '1 day'
         and e.recorded_at < day::timestamp at time zone 'UTC' + interval '2 days'),
    role_given as materialized (
      select e.id, s.said ->> 'role' as role,
             s.said ->> case e.action when 'invitation.accepted' then 'actor' else 'target' end as person
        from audit.entry e
       cross join lateral (select audit.said(e.leaf) as said) s
       where e.org_id = org
         and e.action in ('person.added', 'member.changed', 'invitation.accepted')),
    known as (
      select entry.said, entry.said_at, entry.said ->> 'actor' as actor,
             entry.said ->> 'actor_kind' as kind,
             case
               when entry.said ->> 'actor_kind' in ('job', 'operator') then true
               when entry.said ->> 'actor_kind' = 'person'
                    and entry.said ->> 'actor' in (
                      select g.person from role_given g where g.role in ('manager', 'reviewer', 'billing'))
               then coalesce(
                      (select g.role in ('manager', 'reviewer', 'billing')
                         from role_given g
                        where g.person = entry.said ->> 'actor' and g.id < entry.id
                        order by g.id desc
                        limit 1),
                      false)
               else false
             end as shown
        from entry
       where entry.said_at >= day::timestamp at time zone 'UTC'
         and entry.said_at < day::timestamp at time zone 'UTC' + interval '1 day')
    select known.said_at, known.said ->> 'action', known.kind, p.name::text, known.said ->> 'target',
           known.said ->> 'outcome'
      from known
      left join identity.person p
        on p.org_id = org and p.id::text = known.actor and known.kind = 'person'
     where known.shown
    union all
    select null, known.said ->> 'action', null, null, null, known.said ->> 'outcome'
      from known
      left join identity.person p
        on p.org_id = org and p.id::text = known.actor and known.kind = 'person'
      left join identity.credential c
        on c.org_id = org and c.id::text = known.actor and known.kind = 'device'
     where not known.shown and day < (now() at time zone 'UTC')::date
     group by known.said ->> 'action', known.said ->> 'outcome'
    having count(distinct coalesce(p.id, c.person_id)) >= least_people
     order by 1 desc nulls last, 2;
end
$$;

grant execute on function audit.what_happened_on(date) to manager_api;

-- The day on which the log began. Which later days somebody did something on, it does not say.
create function audit.first_day() returns date
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  perform audit.read_is_recorded();
  return (select (e.recorded_at at time zone 'UTC')::date
            from audit.entry e
           where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
           order by e.id
           limit 1);
end
$$;

grant execute on function audit.first_day() to manager_api;
