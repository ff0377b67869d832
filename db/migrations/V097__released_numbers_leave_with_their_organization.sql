-- SPDX-License-Identifier: Apache-2.0
-- Released numbers stay, because there is no person in them. An organization that leaves may take them
-- with it, when it says so: this is the only way in which one is ever deleted.

set local sourceblind.amendment = 'V097: an organization that leaves deletes its released numbers';

alter table identity.deletion
  add column released boolean not null default false,
  add column cells bigint not null default 0 constraint cells check (cells >= 0),
  add constraint only_an_organization_leaves check (not released or scope = 'organization');
grant select (released), insert (released) on identity.deletion to engineer_api, manager_api;
grant insert (released), update (cells) on identity.deletion to retention;

create function release.refuse_unless_its_organization_leaves() returns trigger
  language plpgsql security definer set search_path = pg_catalog as
$$
begin
  if not exists (
    select from identity.deletion d
     where d.org_id = old.org_id and d.released and d.confirmed_at is not null and d.done_at is null)
  then
    raise exception 'release: % on %.% is refused, a released cell never changes',
      lower(tg_op), tg_table_schema, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;

drop trigger no_change on release.released_cell;
create trigger no_change before update on release.released_cell
  for each row execute function release.refuse();
create trigger leaves_with_its_organization before delete on release.released_cell
  for each row execute function release.refuse_unless_its_organization_leaves();
alter table release.released_cell enable always trigger no_change;
alter table release.released_cell enable always trigger leaves_with_its_organization;

drop trigger no_change on release.organization_line;
create trigger no_change before update on release.organization_line
  for each row execute function release.refuse();
create trigger leaves_with_its_organization before delete on release.organization_line
  for each row execute function release.refuse_unless_its_organization_leaves();
alter table release.organization_line enable always trigger no_change;
alter table release.organization_line enable always trigger leaves_with_its_organization;

grant select (org_id, team_id, metric, week), delete on release.released_cell to deletion_door;
grant select (org_id, metric, week, weeks), delete on release.organization_line to deletion_door;

-- Deletes some of the released numbers, if that is what was asked for, and says how many.
create function identity.delete_released(wanted uuid, most int) returns bigint
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  d identity.deletion := identity.running_deletion(wanted);
  cells bigint;
  lines bigint;
begin
  if not d.released then
    return 0;
  end if;
  delete from release.released_cell c
   using (select team_id, metric, week from release.released_cell where org_id = d.org_id limit most) next
   where c.org_id = d.org_id and c.team_id = next.team_id and c.metric = next.metric
     and c.week = next.week;
  get diagnostics cells = row_count;
  delete from release.organization_line l
   using (select metric, week, weeks from release.organization_line where org_id = d.org_id limit most) next
   where l.org_id = d.org_id and l.metric = next.metric and l.week = next.week
     and l.weeks = next.weeks;
  get diagnostics lines = row_count;
  return cells + lines;
end
$$;

drop function identity.counts_of_deletion(uuid);
create function identity.counts_of_deletion(wanted uuid)
  returns table (events bigint, sums bigint, parts bigint, cells bigint, days date[])
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  return query
    select d.events, d.sums, d.parts, d.cells, d.days
      from identity.deletion d
     where d.org_id = nullif(current_setting('app.org_id', true), '')::uuid and d.id = wanted
       and (d.scope = 'organization'
            or d.person_id = nullif(current_setting('app.person_id', true), '')::uuid);
end
$$;

grant create on schema identity, release to deletion_door;
alter function release.refuse_unless_its_organization_leaves() owner to deletion_door;
alter function identity.delete_released(uuid, int) owner to deletion_door;
alter function identity.counts_of_deletion(uuid) owner to deletion_door;
revoke create on schema identity, release from deletion_door;

set local role deletion_door;
grant execute on function identity.delete_released(uuid, int) to retention;
grant execute on function identity.counts_of_deletion(uuid) to engineer_api, manager_api;
reset role;
