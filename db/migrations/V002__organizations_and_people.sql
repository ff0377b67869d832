-- SPDX-License-Identifier: Apache-2.0
-- Organizations, their teams and their people.

create domain identity.label as text collate "C"
  constraint label check (char_length(value) between 1 and 80 and value collate "C" !~ '[[:cntrl:]]');

create domain identity.email as text collate "C"
  constraint email check (char_length(value) <= 254 and value collate "C" ~ '^[^\s@]+@[^\s@]+$');

create domain identity.role as text collate "C"
  constraint role check (value in ('engineer', 'manager', 'reviewer', 'billing'));

create table identity.organization (
  id uuid primary key,
  name identity.label not null,
  -- How long raw events are kept. The law of the house is 90 days; an organization may ask for less.
  retention_days smallint not null default 90
    constraint at_most_90_days check (retention_days between 1 and 90),
  capture_profile text not null default 'prose'
    constraint capture_profile check (capture_profile in ('prose', 'metadata')),
  path_policy text not null default 'relative'
    constraint path_policy check (path_policy in ('relative', 'hashed', 'extension')),
  -- The key under which the organization's machines hash identifiers; handed out at enrolment.
  ref_key bytea not null constraint ref_key check (octet_length(ref_key) = 32),
  created_at timestamptz not null default now()
);

create table identity.team (
  org_id uuid not null references identity.organization,
  id uuid not null,
  name identity.label not null,
  primary key (org_id, id),
  unique (org_id, name)
);

create table identity.person (
  org_id uuid not null references identity.organization,
  id uuid not null,
  team_id uuid,
  name identity.label not null,
  email identity.email not null,
  role identity.role not null,
  joined_on date not null default (now() at time zone 'UTC')::date,
  primary key (org_id, id),
  unique (org_id, email),
  foreign key (org_id, team_id) references identity.team
);

alter table identity.organization enable row level security;
alter table identity.organization force row level security;
alter table identity.team enable row level security;
alter table identity.team force row level security;
alter table identity.person enable row level security;
alter table identity.person force row level security;

create policy own_organization on identity.organization
  using (id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy own_organization on identity.team
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy own_organization on identity.person
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

-- Nightly work goes from organization to organization: it may list ids, nothing else.
create policy jobs_find_organizations on identity.organization for select to releaser, retention
  using (true);

grant select (id, retention_days) on identity.organization to
  engineer_api, manager_api, reviewer_api, releaser, retention;
grant select (name, created_at) on identity.organization to engineer_api, manager_api, reviewer_api;
grant select (id, capture_profile, path_policy, ref_key) on identity.organization to ingest_writer;
grant select on identity.team to manager_api, engineer_api, releaser;
-- A manager sees who belongs to a team; the releaser sees only that someone does.
grant select on identity.person to manager_api, identity_api;
grant select (org_id, id, team_id, name, role) on identity.person to engineer_api;
grant select (org_id, id, team_id, role, joined_on) on identity.person to releaser;
grant select, insert, update on identity.organization, identity.team to identity_api;
grant insert, update on identity.person to identity_api;
