-- SPDX-License-Identifier: Apache-2.0
-- What a certificate of deletion says of the log: which entries of it the deletion wrote, and where they
-- stand. Hashes and places only, of one deletion of the transaction's organization.

set local sourceblind.amendment = 'V093: a certificate names the entries of its deletion';

create policy deletion_on_request on audit.leaf for select to deletion_door
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
grant select (id, action, leaf_hash) on audit.entry to deletion_door;
grant select (org_id, idx, entry_id) on audit.leaf to deletion_door;

create function identity.entries_of_deletion(wanted uuid)
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
       and convert_from(e.leaf, 'UTF8')::jsonb ->> 'target' = 'deletion:' || wanted
     order by e.id;
end
$$;

grant create on schema identity to deletion_door;
alter function identity.entries_of_deletion(uuid) owner to deletion_door;
revoke create on schema identity from deletion_door;
set local role deletion_door;
grant execute on function identity.entries_of_deletion(uuid) to engineer_api, manager_api;
reset role;
