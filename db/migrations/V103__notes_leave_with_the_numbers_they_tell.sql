-- SPDX-License-Identifier: Apache-2.0
-- A note says in words what was released. An organization that takes its released numbers with it takes the
-- notes, and the key of its model, along.

grant select (org_id), delete on release.note, release.note_sentence, release.narration, release.tokens_taken
  to deletion_door;

grant create on schema identity to deletion_door;
set local role deletion_door;
create or replace function identity.delete_released(wanted uuid, most int) returns bigint
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
  delete from release.note_sentence s where s.org_id = d.org_id;
  delete from release.note n where n.org_id = d.org_id;
  delete from release.narration n where n.org_id = d.org_id;
  delete from release.tokens_taken t where t.org_id = d.org_id;
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
reset role;
revoke create on schema identity from deletion_door;
