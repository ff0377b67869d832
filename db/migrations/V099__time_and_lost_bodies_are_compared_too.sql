-- SPDX-License-Identifier: Apache-2.0
-- The time in the column chooses which day an entry is looked for on, so it must not lie either; and a leaf
-- of the tree whose entry is gone is a difference like any other.

set local sourceblind.amendment = 'V099: times and lost entries are compared too';

create or replace function audit.compare_columns() returns table (entries bigint, differing bigint)
  language sql stable security definer set search_path = pg_catalog as
$$
  with ours as (
    select e.*, s.said, audit.said_at(s.said) as said_at
      from audit.entry e
     cross join lateral (select audit.said(e.leaf) as said) s
     where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid),
  placed as (
    select l.entry_id, l.leaf_hash
      from audit.leaf l
     where l.org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  select count(*),
         count(*) filter (
           where ours.said is null
              or ours.said ->> 'uid' is distinct from ours.entry_uid::text
              or ours.said ->> 'org' is distinct from ours.org_id::text
              or ours.said ->> 'action' is distinct from ours.action
              -- Two clocks: that of a service and that of the database.
              or (ours.recorded_at between ours.said_at - interval '10 minutes'
                                       and ours.said_at + interval '10 minutes') is not true
              or ours.leaf_hash <> sha256('\x00'::bytea || ours.leaf)
              or placed.leaf_hash <> ours.leaf_hash)
    from ours
    full join placed on placed.entry_id = ours.id
$$;
