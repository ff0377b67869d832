-- SPDX-License-Identifier: Apache-2.0
-- For each organization stands one day before which everything is let go. It only moves forward. What
-- is read lies on or after it, what is deleted lies before it, and both are asked in the snapshot of
-- the statement: so nothing that counts is deleted under a roll-up, in whatever order jobs run, and no
-- clock that goes back and no longer window brings back a day, whole or in part.

set local sourceblind.amendment =
  'V090: every reader is bound by the window, and deletion by a date that only moves forward';

do $$
begin
  if not exists (select from pg_roles where rolname = 'retention_door') then
    create role retention_door nologin noinherit nosuperuser nobypassrls;
  end if;
end $$;

create table release.let_go (
  org_id uuid primary key,
  before date not null constraint finite check (isfinite(before))
);
comment on table release.let_go is 'What lies before this day is gone for good. Only its functions write here.';
alter table release.let_go enable row level security;
alter table release.let_go force row level security;
create policy the_door_serves_all on release.let_go to retention_door using (true) with check (true);
grant select, insert, update on release.let_go to retention_door;

-- The day that it is for every window. A test of time replaces it; there is no setting.
create function capture.today() returns date
  language sql stable parallel safe
  return (now() at time zone 'UTC')::date;
grant execute on function capture.today() to
  ingest_writer, engineer_api, releaser, retention, reviewer_api, retention_door;

grant usage on schema capture, release, identity to retention_door;
grant select (id, retention_days) on identity.organization to retention_door;
create policy the_door_sees_windows on identity.organization for select to retention_door using (true);

-- What lies before it was let go. Null where nothing was yet.
create function release.floor() returns date
  language sql stable security definer set search_path = pg_catalog
  return (
    select before from release.let_go
     where org_id = nullif(current_setting('app.org_id', true), '')::uuid);

-- The window in days. The column's check says the same; this holds where somebody dropped it.
create function release.window_of(retention_days int) returns int
  language sql immutable parallel safe
  return least(greatest(retention_days, 1), 90);

-- Moves the day of the transaction's organization to where its window begins, and says where it is.
create function release.let_go_of_what_is_past() returns date
  language plpgsql security definer set search_path = pg_catalog as
$$
begin
  insert into release.let_go as l (org_id, before)
  select o.id, capture.today() - release.window_of(o.retention_days)
    from identity.organization o
   where o.id = nullif(current_setting('app.org_id', true), '')::uuid
  on conflict (org_id) do update set before = excluded.before where l.before < excluded.before;
  return release.floor();
end
$$;

-- A longer window keeps longer from now on; it brings nothing back.
create function release.a_longer_window_brings_nothing_back() returns trigger
  language plpgsql security definer set search_path = pg_catalog as
$$
begin
  insert into release.let_go as l (org_id, before)
  values (old.id, capture.today() - release.window_of(old.retention_days))
  on conflict (org_id) do update set before = excluded.before where l.before < excluded.before;
  return new;
end
$$;

create trigger a_longer_window_brings_nothing_back before update of retention_days
  on identity.organization
  for each row when (new.retention_days > old.retention_days)
  execute function release.a_longer_window_brings_nothing_back();

-- By how many days the worker is late, over all organizations: 0 if nothing past a window is left.
create policy the_door_sees_days on capture.event for select to retention_door using (true);
create policy the_door_sees_weeks on release.person_week for select to retention_door using (true);
grant select (org_id, occurred_on) on capture.event to retention_door;
grant select (org_id, week) on release.person_week to retention_door;
create function release.days_late() returns int
  language sql stable security definer set search_path = pg_catalog
  return (
    with kept as (
      select id, capture.today() - release.window_of(retention_days) as since
        from identity.organization)
    select coalesce(max(greatest(
             since - (select min(e.occurred_on) from capture.event e
                       where e.org_id = kept.id and e.occurred_on < since),
             since - (select min(w.week) from release.person_week w
                       where w.org_id = kept.id and w.week < since))), 0)
      from kept);

grant retention_door to current_user with set true, inherit false;
grant create on schema release to retention_door;
alter function release.floor() owner to retention_door;
alter function release.let_go_of_what_is_past() owner to retention_door;
alter function release.a_longer_window_brings_nothing_back() owner to retention_door;
alter function release.days_late() owner to retention_door;
revoke create on schema release from retention_door;

set local role retention_door;
grant execute on function release.floor() to
  ingest_writer, manager_api, engineer_api, reviewer_api, identity_api, releaser, retention, session_user;
grant execute on function release.let_go_of_what_is_past() to retention;
grant execute on function release.days_late() to retention, manager_api;
reset role;
grant execute on function release.window_of(int) to
  ingest_writer, engineer_api, releaser, retention, reviewer_api, retention_door;

-- Greatest knows no null: the window alone counts until something was let go.
create or replace function capture.horizon() returns date
  language sql stable set search_path = pg_catalog
  return (
    select greatest(capture.today() - release.window_of(o.retention_days), release.floor())
      from identity.organization o
     where o.id = nullif(current_setting('app.org_id', true), '')::uuid);

alter policy a_sender_sees_which_ids_were_new on capture.event
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid
    and occurred_on >= capture.horizon());

alter policy retention_lets_go_of_what_is_past on capture.event
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and occurred_on < release.floor());

alter policy the_releaser_writes_one_organization on release.person_week
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and week >= capture.horizon())
  with check (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and week >= capture.horizon());

alter policy retention_lets_go_of_what_is_past on release.person_week
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and week < release.floor());

-- Of two workers one waits: both would share the lock on a day and wait for each other to drop it.
create or replace function capture.count_days_past_90()
  returns table (day date, org_id uuid, events bigint)
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  leaf record;
begin
  -- Come back later instead of queueing everyone up behind us.
  set local lock_timeout = '2s';
  perform pg_advisory_xact_lock(hashtextextended('retention:days', 0));
  for leaf in
    select relname, of_day
      from capture.days()
     where of_day < capture.today() - 90
     order by of_day
  loop
    -- Share and not exclusive: a reader would hold the parent and wait for us, and we for the parent.
    execute format('lock table capture.%I in share mode', leaf.relname);
    return query execute
      format('select %L::date, e.org_id, count(*) from capture.%I e group by e.org_id',
        leaf.of_day, leaf.relname);
  end loop;
end
$$;

-- The last step needs every table of the day for itself. Whoever comes behind us waits for no longer
-- than this (docs/decisions/0040).
create or replace function capture.drop_days_past_90() returns setof date
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  leaf record;
begin
  set local lock_timeout = '200ms';
  for leaf in
    select relname, of_day
      from capture.days()
     where of_day < capture.today() - 90
     order by of_day
  loop
    execute format('drop table capture.%I', leaf.relname);
    return next leaf.of_day;
  end loop;
end
$$;
