-- SPDX-License-Identifier: Apache-2.0
-- How an organization's clients fare, for its managers: once for an epoch of four weeks that is over, for the
-- whole organization, and never changed. From how many engineers nothing came, in steps of five and off by
-- lot, and from nobody while it is fewer than five and a secret few more, or all but so few; which versions of
-- the client as many run; whether much was left out at the door. Live counts, or exact ones, would tell who is
-- away.

create table release.client_health (
  org_id uuid not null references identity.organization,
  epoch date not null constraint an_epoch_starts check (epoch = release.epoch_of(epoch)),
  engineers int not null constraint engineers check (engineers between 0 and 1000000),
  -- Null: hidden, whatever the reason.
  silent int constraint in_steps_of_five check (silent >= 5 and silent % 5 = 0),
  -- Numbers and dots only: what a client calls itself is its own word.
  versions text[] collate "C" not null
    constraint versions check (
      array_to_string(versions, ' ') collate "C" ~ '^([0-9]{1,4}(\.[0-9]{1,4}){1,3}( |$))*$'
      and cardinality(versions) <= 20),
  -- Null: hidden.
  many_dropped boolean,
  many_refused boolean,
  counted_on date not null default (now() at time zone 'UTC')::date,
  primary key (org_id, epoch),
  constraint nothing_is_said_of_fewer_than_ten check (
    engineers >= 10
    or silent is null and versions = '{}' and many_dropped is null and many_refused is null)
);

create trigger no_change before update or delete on release.client_health
  for each row execute function release.refuse();
create trigger no_truncate before truncate on release.client_health
  for each statement execute function release.refuse();
alter table release.client_health enable always trigger no_change;
alter table release.client_health enable always trigger no_truncate;

alter table release.client_health enable row level security;
alter table release.client_health force row level security;
create policy own_organization on release.client_health
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy read_is_recorded on release.client_health as restrictive for select
  to manager_api, reviewer_api using (audit.read_is_recorded());

grant select, insert on release.client_health to releaser;
grant select on release.client_health to manager_api, reviewer_api;
grant select on release.left_out to releaser;
