-- SPDX-License-Identifier: Apache-2.0
-- Numbers made from events. `person_week` is one person's and lives no longer than the events;
-- `released_cell` is a team's, is published once, and has no person in it.

create domain release.metric as text collate "C"
  constraint metric check (value collate "C" ~ '^[a-z][a-z_]{2,39}$');

-- Which days have new events: written in the transaction that stores them.
create table release.dirty_day (
  org_id uuid not null,
  occurred_on date not null,
  marked_at timestamptz not null default clock_timestamp()
);
create index dirty_day_of_an_organization on release.dirty_day (org_id, occurred_on);

create table release.person_week (
  org_id uuid not null references identity.organization,
  person_id uuid not null,
  week date not null constraint week_starts_on_monday check (extract(isodow from week) = 1),
  metric release.metric not null,
  value double precision not null
    constraint value_is_a_number check (value >= 0 and value < 1e12),
  primary key (org_id, person_id, week, metric),
  foreign key (org_id, person_id) references identity.person
);

create table release.released_cell (
  org_id uuid not null references identity.organization,
  team_id uuid not null,
  metric release.metric not null,
  week date not null constraint week_starts_on_monday check (extract(isodow from week) = 1),
  state text collate "C" not null constraint state check (state in ('released', 'withheld')),
  value double precision constraint value_is_a_number check (value >= 0 and value < 1e12),
  step double precision not null constraint step_is_positive check (step > 0 and step < 1e12),
  people int not null constraint people check (people between 0 and 1000000),
  -- Seen by nobody but the releaser; it is here so that the floor can be checked here.
  active int,
  rules int not null constraint rules check (rules between 1 and 9999),
  released_at timestamptz not null default now(),
  primary key (org_id, team_id, metric, week),
  foreign key (org_id, team_id) references identity.team,
  constraint released_has_a_value check ((state = 'released') = (value is not null)),
  constraint floor_of_five check (state = 'withheld' or (active is not null and active >= 5)),
  constraint withheld_says_nothing check (state = 'released' or active is null)
);

create function release.refuse() returns trigger
  language plpgsql set search_path = pg_catalog as
$$
begin
  raise exception 'release: % on %.% is refused, a released cell never changes',
    lower(tg_op), tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;

create trigger no_change before update or delete on release.released_cell
  for each row execute function release.refuse();
create trigger no_truncate before truncate on release.released_cell
  for each statement execute function release.refuse();
alter table release.released_cell enable always trigger no_change;
alter table release.released_cell enable always trigger no_truncate;

alter table release.dirty_day enable row level security;
alter table release.dirty_day force row level security;
alter table release.person_week enable row level security;
alter table release.person_week force row level security;
alter table release.released_cell enable row level security;
alter table release.released_cell force row level security;

create policy own_organization on release.dirty_day
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

create policy the_releaser_writes_one_organization on release.person_week to releaser
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy an_engineer_reads_their_own on release.person_week for select to engineer_api
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid);
create policy retention_lets_go_of_what_is_past on release.person_week to retention
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and week < capture.horizon());

create policy own_organization on release.released_cell
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

grant insert (org_id, occurred_on) on release.dirty_day to ingest_writer;
grant select, delete on release.dirty_day to releaser;
grant select, insert, update, delete on release.person_week to releaser;
grant select on release.person_week to engineer_api;
grant select (org_id, person_id, week), delete on release.person_week to retention;
grant select, insert on release.released_cell to releaser;
grant select (org_id, team_id, metric, week, state, value, step, people, rules, released_at)
  on release.released_cell to manager_api, engineer_api, reviewer_api;
grant select (org_id, occurred_on) on release.dirty_day to retention;
