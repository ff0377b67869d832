-- SPDX-License-Identifier: Apache-2.0
-- A column beside a leaf may be made to lie without the tree noticing. Nothing is shown from columns; this
-- compares them all the same, one organization at a time. Only two numbers come out.

set local sourceblind.amendment = 'V063: columns are compared with leaves';

create function audit.compare_columns() returns table (entries bigint, differing bigint)
  language sql stable security definer set search_path = pg_catalog as
$$
  with entry as (
    select e.*, l.leaf_hash as placed, audit.said(e.leaf) as said
      from audit.entry e
      left join audit.leaf l on l.entry_id = e.id
     where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  select count(*),
         count(*) filter (
           where said is null
              or said ->> 'uid' is distinct from entry_uid::text
              or said ->> 'org' is distinct from org_id::text
              or said ->> 'action' is distinct from action
              or leaf_hash <> sha256('\x00'::bytea || leaf)
              or placed <> leaf_hash)
    from entry
$$;

grant execute on function audit.compare_columns() to audit_sequencer;

-- The entries with personal parts that are about a person, so that all of them can be erased.
create function audit.personal_entries_of(person uuid) returns setof uuid
  language sql stable security definer set search_path = pg_catalog as
$$
  select distinct p.entry_uid
    from audit.private_part p
    join audit.entry e on e.entry_uid = p.entry_uid
   where p.org_id = nullif(current_setting('app.org_id', true), '')::uuid
     and person::text in (audit.said(e.leaf) ->> 'actor',
                          audit.said(e.leaf) ->> 'target')
$$;

grant execute on function audit.personal_entries_of(uuid) to identity_api;
