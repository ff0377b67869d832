-- SPDX-License-Identifier: Apache-2.0
-- Whom a released number is made of is decided once, before an epoch of four ISO weeks, and does not
-- change within it (docs/decisions/0080). Who was in which group is lineage: it goes with the data.

-- Epochs are counted from a Monday, so that they are the same for everybody.
create function release.epoch_of(week date) returns date
  language sql immutable parallel safe
  return week - (week - date '1970-01-05') % 28;

-- The organization's own thresholds: never below the law of the house, never lowered, never for an
-- epoch that has begun.
create table release.threshold (
  org_id uuid not null references identity.organization,
  from_epoch date not null
    constraint an_epoch_starts check (from_epoch = release.epoch_of(from_epoch)),
  least_people smallint not null constraint seven_people_or_more check (least_people between 7 and 1000),
  least_active smallint not null constraint five_active_or_more check (least_active between 5 and 1000),
  primary key (org_id, from_epoch)
);

create function release.only_raised() returns trigger
  language plpgsql set search_path = pg_catalog as
$$
begin
  if tg_op <> 'INSERT' then
    raise exception 'release: a threshold is never taken back; add a higher one for an epoch to come'
      using errcode = 'insufficient_privilege';
  end if;
  if new.from_epoch <= (now() at time zone 'UTC')::date then
    raise exception 'release: a threshold holds from an epoch that has not begun'
      using errcode = 'integrity_constraint_violation';
  end if;
  if exists (
    select from release.threshold t
     where t.org_id = new.org_id
       and (t.least_people > new.least_people or t.least_active > new.least_active
            or t.from_epoch > new.from_epoch))
  then
    raise exception 'release: a threshold is only ever raised'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$;

create trigger only_raised before insert or update or delete on release.threshold
  for each row execute function release.only_raised();
alter table release.threshold enable always trigger only_raised;

-- Since when a team is known to have somebody in it: its first epoch is a silent one.
create table release.known_team (
  org_id uuid not null references identity.organization,
  team_id uuid not null,
  first_epoch date not null
    constraint an_epoch_starts check (first_epoch = release.epoch_of(first_epoch)),
  primary key (org_id, team_id)
);

-- Which epochs are frozen, also where no group was large enough.
create table release.frozen_epoch (
  org_id uuid not null references identity.organization,
  epoch date not null constraint an_epoch_starts check (epoch = release.epoch_of(epoch)),
  primary key (org_id, epoch)
);

create table release.frozen_group (
  org_id uuid not null references identity.organization,
  epoch date not null constraint an_epoch_starts check (epoch = release.epoch_of(epoch)),
  -- A team's id, or the organization's for its small teams taken together.
  team_id uuid not null,
  people int not null constraint seven_people_or_more check (people >= 7),
  -- One cell a week, or one for the epoch.
  weeks smallint not null constraint weekly_from_ten_people check (weeks = 4 or weeks = 1 and people >= 10),
  least_active smallint not null constraint five_active_or_more check (least_active >= 5),
  -- Counts the rosters that the group has had. Another version has another level offset.
  version int not null constraint version check (version >= 1),
  -- A fingerprint of who is in it: the roster itself is let go of.
  roster_hash bytea not null constraint roster_hash check (octet_length(roster_hash) = 32),
  -- Somebody's history was deleted: what is not out yet is withheld.
  withdrawn boolean not null default false,
  primary key (org_id, epoch, team_id),
  unique (org_id, epoch, team_id, weeks, people, least_active)
);

-- One group for each person and epoch: the key says so.
create table release.roster (
  org_id uuid not null,
  epoch date not null,
  person_id uuid not null,
  team_id uuid not null,
  primary key (org_id, epoch, person_id),
  foreign key (org_id, epoch, team_id) references release.frozen_group (org_id, epoch, team_id)
);
create index roster_of_a_group on release.roster (org_id, epoch, team_id);

-- With the installation's key, what jitter, offsets and dither of one roster come from. Deleted when the
-- roster has ended: from then on nobody can work them out, whoever has the key.
create table release.roster_salt (
  org_id uuid not null references identity.organization,
  team_id uuid not null,
  version int not null,
  salt bytea not null constraint salt check (octet_length(salt) = 32),
  primary key (org_id, team_id, version)
);

do $$
declare
  named text;
begin
  foreach named in array array[
    'threshold', 'known_team', 'frozen_epoch', 'frozen_group', 'roster', 'roster_salt'
  ] loop
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

create policy an_engineer_reads_their_own on release.roster as restrictive for select to engineer_api
  using (person_id = nullif(current_setting('app.person_id', true), '')::uuid);
create policy read_is_recorded on release.roster as restrictive for select
  to engineer_api using (audit.read_is_recorded());
create policy read_is_recorded on release.frozen_group as restrictive for select
  to manager_api, engineer_api, reviewer_api using (audit.read_is_recorded());
create policy read_is_recorded on release.threshold as restrictive for select
  to manager_api, reviewer_api using (audit.read_is_recorded());

-- Whoever adds a row is asked its checks.
grant execute on function release.epoch_of(date) to releaser, identity_api, engineer_api;
grant usage on schema release to identity_api;
grant select on release.threshold to releaser, manager_api, reviewer_api, identity_api;
grant insert on release.threshold to identity_api;
grant select, insert on release.known_team, release.frozen_epoch to releaser;
grant select, insert on release.frozen_group to releaser;
grant select (org_id, epoch, team_id, people, weeks, least_active, version) on release.frozen_group
  to manager_api, engineer_api, reviewer_api;
grant select, insert, delete on release.roster to releaser;
grant select on release.roster to engineer_api;
grant select, insert, delete on release.roster_salt to releaser;

-- Deleting somebody's history must not show in a number: what is still open of their group's epoch is
-- withheld, and the next epoch is another roster. Nobody can forget it: it hangs on the deletion itself.
create function release.close_open_periods() returns trigger
  language plpgsql security definer set search_path = pg_catalog as
$$
begin
  with held as (
    select distinct org_id, person_id from gone where week >= capture.horizon()
  ), lineage as (
    delete from release.roster r using held h
     where r.org_id = h.org_id and r.person_id = h.person_id
    returning r.org_id, r.epoch, r.team_id
  )
  update release.frozen_group g set withdrawn = true
    from lineage l
   where g.org_id = l.org_id and g.epoch = l.epoch and g.team_id = l.team_id and not g.withdrawn;
  return null;
end
$$;

-- The releaser makes weeks anew, which takes nothing from anybody.
create trigger a_deletion_closes_open_periods after delete on release.person_week
  referencing old table as gone for each statement
  when (current_user <> 'releaser') execute function release.close_open_periods();
alter table release.person_week enable always trigger a_deletion_closes_open_periods;
