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
alter function identity.counts_of_deletion(uuid) owner to deletion_door;
revoke create on schema identity, release from deletion_door;

set local role deletion_door;
grant execute on function identity.counts_of_deletion(uuid) to engineer_api, manager_api;
reset role;
