-- SPDX-License-Identifier: Apache-2.0
-- A restored backup knows neither what was deleted after it was taken nor how far the purge had come. The
-- worker keeps both in a file outside of the database, as ids and days, and says them again before the
-- services open.

-- A deletion that was confirmed before the restore and is not known after it.
grant insert (org_id, id, scope, person_id, asked_by, asked_at, confirmed_at) on identity.deletion
  to retention;
grant update (confirmed_at) on identity.deletion to retention;

-- Moves the day of the transaction's organization to where it was. It never moves back.
create function release.let_go_again(was date) returns boolean
  language plpgsql security definer set search_path = pg_catalog as
$$
begin
  insert into release.let_go as l (org_id, before)
  select o.id, was
    from identity.organization o
   where o.id = nullif(current_setting('app.org_id', true), '')::uuid
     -- No window is shorter than a day, so no purge can have come further.
     and was < capture.today()
  on conflict (org_id) do update set before = excluded.before where l.before < excluded.before;
  return found;
end
$$;

grant create on schema release to retention_door;
alter function release.let_go_again(date) owner to retention_door;
revoke create on schema release from retention_door;
set local role retention_door;
grant execute on function release.let_go_again(date) to retention;
reset role;
