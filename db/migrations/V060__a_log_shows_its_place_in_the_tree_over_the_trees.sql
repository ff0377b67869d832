-- SPDX-License-Identifier: Apache-2.0
-- A checkpoint knows the entry of the installation's log that names it, so that an export can prove its
-- place in the tree over the trees. Hashes and checkpoints of that tree are for every reviewer; of its
-- entries, only those that name the reviewer's own organization.

set local sourceblind.amendment = 'V060: an export proves its place in the tree over the trees';

alter table audit.checkpoint add column entry_uid uuid;

-- A log that was cut or restored cannot go on; it begins anew under another name, and its sizes again.
alter table audit.checkpoint add column epoch int not null default 1 constraint epoch check (epoch > 0);
alter table audit.checkpoint drop constraint checkpoint_pkey;
alter table audit.checkpoint add primary key (org_id, epoch, size);

create policy the_tree_over_the_trees_is_everybodys on audit.leaf for select to reviewer_api
  using (org_id = '00000000-0000-0000-0000-000000000000');
create policy the_tree_over_the_trees_is_everybodys on audit.node for select to reviewer_api
  using (org_id = '00000000-0000-0000-0000-000000000000');
create policy the_tree_over_the_trees_is_everybodys on audit.checkpoint for select to reviewer_api
  using (org_id = '00000000-0000-0000-0000-000000000000');
create policy own_name_in_the_tree_over_the_trees on audit.entry for select to reviewer_api
  using (org_id = '00000000-0000-0000-0000-000000000000'
         and exists (select from audit.checkpoint c
                      where c.org_id = nullif(current_setting('app.org_id', true), '')::uuid
                        and c.entry_uid = entry.entry_uid));

-- Since when there is an entry that no checkpoint covers: how long a log stands still. Not a word of an
-- entry comes out, so every role may ask, of its own organization.
create function audit.unsigned_since() returns timestamptz
  language sql stable security definer set search_path = pg_catalog as
$$
  with log as (
    select nullif(current_setting('app.org_id', true), '')::uuid as org),
  signed as (
    select log.org, coalesce((select c.size from audit.checkpoint c
                               where c.org_id = log.org order by c.epoch desc, c.size desc limit 1), 0) as size
      from log),
  placed as (
    select log.org, coalesce((select l.entry_id from audit.leaf l
                               where l.org_id = log.org order by l.idx desc limit 1), 0) as last
      from log)
  select least(
    (select e.recorded_at from signed s
       join audit.leaf l on l.org_id = s.org and l.idx = s.size
       join audit.entry e on e.id = l.entry_id),
    (select e.recorded_at from placed p
       join audit.entry e on e.org_id = p.org and e.id > p.last
      order by e.id limit 1))
$$;

grant execute on function audit.unsigned_since() to manager_api, engineer_api, reviewer_api;
