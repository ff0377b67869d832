-- SPDX-License-Identifier: Apache-2.0
-- Sentences about released numbers: written by fixed rules, or by a language model that an organization
-- has given a key for. Whoever writes knows released cells and nothing else.

-- One plain sentence: no line break, no link, no name in another script.
create domain release.sentence as text collate "C"
  constraint sentence check (value collate "C" ~ '^[A-Z][A-Za-z0-9 .,%-]{0,238}\.$');

-- Who writes for an organization; without a row it is the rules.
create table release.narration (
  org_id uuid primary key references identity.organization,
  writer text collate "C" not null constraint writer check (writer in ('anthropic', 'openai_compatible')),
  model text collate "C" not null constraint model check (model ~ '^[A-Za-z0-9._:/-]{1,80}$'),
  -- Under a key that is not in the database, bound to the organization.
  sealed_key bytea not null constraint sealed_key check (octet_length(sealed_key) between 36 and 540),
  last_four text collate "C" not null constraint last_four check (last_four ~ '^[!-~]{4}$'),
  daily_tokens int not null constraint daily_tokens check (daily_tokens between 1000 and 100000000)
);

-- What an organization's model has taken on a day: reserved before a call, settled after it.
create table release.tokens_taken (
  org_id uuid not null references identity.organization,
  day date not null,
  tokens bigint not null constraint tokens check (tokens >= 0),
  primary key (org_id, day)
);

create table release.note (
  org_id uuid not null references identity.organization,
  team_id uuid not null,
  -- The last week of what it is about.
  week date not null constraint week_starts_on_monday check (extract(isodow from week) = 1),
  writer text collate "C" not null
    constraint writer check (writer in ('rules', 'anthropic', 'openai_compatible')),
  -- Of the cells, the model and what it was told: the same question is not paid for twice.
  fingerprint bytea not null constraint fingerprint check (octet_length(fingerprint) = 32),
  written_on date not null default (now() at time zone 'UTC')::date,
  primary key (org_id, team_id, week)
);
create index note_of_a_question on release.note (org_id, fingerprint);

create table release.note_sentence (
  org_id uuid not null,
  team_id uuid not null,
  week date not null,
  place smallint not null constraint place check (place between 1 and 9),
  metric release.metric not null,
  text release.sentence not null,
  primary key (org_id, team_id, week, place),
  foreign key (org_id, team_id, week) references release.note (org_id, team_id, week)
);

do $$
declare
  named text;
begin
  foreach named in array array['narration', 'tokens_taken', 'note', 'note_sentence'] loop
    execute format('alter table release.%I enable row level security', named);
    execute format('alter table release.%I force row level security', named);
    execute format(
      $policy$
      create policy own_organization on release.%I
        using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
        with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
      $policy$, named);
  end loop;
end $$;

create policy read_is_recorded on release.note as restrictive for select
  to manager_api using (audit.read_is_recorded());
create policy read_is_recorded on release.note_sentence as restrictive for select
  to manager_api using (audit.read_is_recorded());

-- Whoever sets a key never reads it again.
grant select (org_id, writer, model, last_four, daily_tokens), insert, delete
  on release.narration to identity_api;
grant select on release.narration to releaser;
grant select, insert, update (tokens) on release.tokens_taken to releaser;
grant select, insert on release.note, release.note_sentence to releaser;
grant select on release.note, release.note_sentence to manager_api;
