-- SPDX-License-Identifier: Apache-2.0
-- The roles that pages read under get rows only in a transaction that names a committed audit entry of
-- whoever reads. A page that forgets its entry gets an error instead of data; so does a statement that
-- somebody smuggles in, unless they confess first.

set local sourceblind.amendment = 'V052: nothing is read that is not on record';

-- Stable and without arguments: on partitions the planner asks once and not for each row.
create function audit.read_is_recorded() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  if not exists (
    select
      from audit.entry e
     where e.entry_uid = nullif(current_setting('app.audit_entry', true), '')::uuid
       and e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
       -- What this very transaction wrote can still be rolled back when the rows are out.
       and e.xid is distinct from pg_current_xact_id_if_assigned()
       and e.recorded_at > now() - interval '1 minute'
       and (e.action like '%.read' or e.action = 'export.started')
       and convert_from(e.leaf, 'UTF8')::jsonb ->> 'actor'
           = coalesce(nullif(current_setting('app.person_id', true), ''),
                      convert_from(e.leaf, 'UTF8')::jsonb ->> 'actor'))
  then
    raise exception 'audit: nothing is read before a committed entry says who reads it'
      using errcode = 'insufficient_privilege';
  end if;
  return true;
end
$$;

grant execute on function audit.read_is_recorded() to manager_api, engineer_api, reviewer_api;

create policy read_is_recorded on capture.event as restrictive for select
  to engineer_api using (audit.read_is_recorded());
create policy read_is_recorded on release.person_week as restrictive for select
  to engineer_api using (audit.read_is_recorded());
create policy read_is_recorded on release.released_cell as restrictive for select
  to manager_api, engineer_api, reviewer_api using (audit.read_is_recorded());
create policy read_is_recorded on identity.team as restrictive for select
  to manager_api, engineer_api using (audit.read_is_recorded());
create policy read_is_recorded on identity.person as restrictive for select
  to manager_api, engineer_api using (audit.read_is_recorded());
-- The audit log itself is read by way of its tree, and whole: the sub-select asks once. (The other
-- tables go to workers one day, where a policy must not have one.)
create policy read_is_recorded on audit.leaf as restrictive for select
  to reviewer_api using ((select audit.read_is_recorded()));
