-- SPDX-License-Identifier: Apache-2.0
-- A released number is of a frozen group, of its size, in its cadence and above its floor. What was
-- released by earlier rules stays as it is: a shown number never changes.

alter table release.released_cell
  add weeks smallint not null default 1 constraint one_week_or_an_epoch check (weeks in (1, 4)),
  add least_active smallint not null default 5 constraint five_active_or_more check (least_active >= 5),
  -- Null where nothing is shown: a cell without a number needs no group.
  add epoch date generated always as (case when state = 'released' then release.epoch_of(week) end) stored;

-- The small teams of an organization are a group, and no team.
alter table release.released_cell drop constraint released_cell_org_id_team_id_fkey;

alter table release.released_cell
  add constraint of_a_frozen_group foreign key (org_id, epoch, team_id, weeks, people, least_active)
    references release.frozen_group (org_id, epoch, team_id, weeks, people, least_active) not valid,
  add constraint seven_people_or_more check (state = 'withheld' or people >= 7) not valid,
  add constraint weekly_from_ten_people check (state = 'withheld' or weeks = 4 or people >= 10) not valid,
  add constraint floor_of_its_group check (state = 'withheld' or active >= least_active),
  add constraint an_epoch_starts check (weeks = 1 or week = release.epoch_of(week)),
  add constraint the_epoch_is_over
    check (released_at >= (week + 7 * weeks + 3)::timestamp at time zone 'UTC'),
  -- One step is the least that is shown.
  add constraint at_least_one_step check (value >= step) not valid;

grant select (weeks) on release.released_cell to manager_api, engineer_api, reviewer_api;

-- The ledger: what was published of which week, once. Without it a week without groups would be tried
-- again each day, and a group that is made later would get a past.
create table release.publication (
  org_id uuid not null references identity.organization,
  week date not null constraint week_starts_on_monday check (extract(isodow from week) = 1),
  rules int not null constraint rules check (rules between 1 and 9999),
  groups int not null constraint groups check (groups >= 0),
  released int not null constraint released check (released >= 0),
  withheld int not null constraint withheld check (withheld >= 0),
  -- A date and no time: all groups of a week come out at once.
  released_on date not null default (now() at time zone 'UTC')::date,
  primary key (org_id, week)
);

create trigger no_change before update or delete on release.publication
  for each row execute function release.refuse();
create trigger no_truncate before truncate on release.publication
  for each statement execute function release.refuse();
alter table release.publication enable always trigger no_change;
alter table release.publication enable always trigger no_truncate;

alter table release.publication enable row level security;
alter table release.publication force row level security;
create policy own_organization on release.publication
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy read_is_recorded on release.publication as restrictive for select
  to manager_api, reviewer_api using (audit.read_is_recorded());

grant select, insert on release.publication to releaser;
grant select on release.publication to manager_api, reviewer_api;
