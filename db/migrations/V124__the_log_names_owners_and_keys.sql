-- SPDX-License-Identifier: Apache-2.0
-- What an owner did, and a program with a key of a workspace, is named in the log of the organization like
-- what managers do. A key is nobody's in person, so its name says nothing about anybody.

set local sourceblind.amendment = 'V124: the log of an organization names owners and keys';

create or replace function audit.what_happened_on(day date)
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
               when entry.said ->> 'actor_kind' in ('job', 'operator', 'program') then true
               when entry.said ->> 'actor_kind' = 'person'
                    and entry.said ->> 'actor' in (
                      select g.person from role_given g
                       where g.role in ('owner', 'manager', 'reviewer', 'billing'))
               then coalesce(
                      (select g.role in ('owner', 'manager', 'reviewer', 'billing')
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
    select known.said_at, known.said ->> 'action', known.kind, coalesce(p.name, k.label)::text,
           known.said ->> 'target', known.said ->> 'outcome'
      from known
      left join identity.person p
        on p.org_id = org and p.id::text = known.actor and known.kind = 'person'
      left join identity.workspace_key k
        on k.org_id = org and k.id::text = known.actor and known.kind = 'program'
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
