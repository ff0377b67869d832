-- SPDX-License-Identifier: Apache-2.0
-- The organization's line: means of released cells, weighted by the size of their groups. Whoever has the
-- cells can work it out, so it says nothing new; it is kept so that a page needs no sum over all teams.

create table release.organization_line (
  org_id uuid not null references identity.organization,
  metric release.metric not null,
  week date not null constraint week_starts_on_monday check (extract(isodow from week) = 1),
  weeks smallint not null constraint one_week_or_an_epoch check (weeks in (1, 4)),
  value double precision not null constraint value_is_a_number check (value >= 0 and value < 1e12),
  -- The widest step of its cells.
  step double precision not null constraint step_is_positive check (step > 0 and step < 1e12),
  people int not null constraint seven_people_or_more check (people >= 7),
  groups int not null constraint groups check (groups >= 1),
  rules int not null constraint rules check (rules between 1 and 9999),
  released_on date not null default (now() at time zone 'UTC')::date,
  primary key (org_id, metric, week, weeks)
);

create trigger no_change before update or delete on release.organization_line
  for each row execute function release.refuse();
create trigger no_truncate before truncate on release.organization_line
  for each statement execute function release.refuse();
alter table release.organization_line enable always trigger no_change;
alter table release.organization_line enable always trigger no_truncate;

alter table release.organization_line enable row level security;
alter table release.organization_line force row level security;
create policy own_organization on release.organization_line
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy read_is_recorded on release.organization_line as restrictive for select
  to manager_api, engineer_api, reviewer_api using (audit.read_is_recorded());

grant select, insert on release.organization_line to releaser;
grant select on release.organization_line to manager_api, engineer_api, reviewer_api;
