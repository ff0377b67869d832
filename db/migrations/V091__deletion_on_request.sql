-- SPDX-License-Identifier: Apache-2.0
-- Somebody's captured data, or an organization's, is deleted when it is asked for. Asking and confirming
-- are two steps of the same person; the retention worker does it, and may delete only what a confirmed
-- deletion names. A row of this table is the progress that its page shows, and stays.

set local sourceblind.amendment = 'V091: deletion on request, also of personal parts of the log';

do $$
begin
  if not exists (select from pg_roles where rolname = 'deletion_door') then
    create role deletion_door nologin noinherit nosuperuser nobypassrls;
  end if;
end $$;

create table identity.deletion (
  org_id uuid not null references identity.organization,
  id uuid not null,
  scope text collate "C" not null constraint scope check (scope in ('person', 'organization')),
  person_id uuid,
  asked_by uuid not null,
  asked_at timestamptz not null default now(),
  confirmed_at timestamptz,
  begun_at timestamptz,
  done_at timestamptz,
  events bigint not null default 0 constraint events check (events >= 0),
  sums bigint not null default 0 constraint sums check (sums >= 0),
  parts bigint not null default 0 constraint parts check (parts >= 0),
  -- The days, and so the partitions, that something was deleted from.
  days date[] not null default '{}',
  primary key (org_id, id),
  -- No foreign key of asked_by: after a restore a deletion is known again, and who asked for it may not be.
  constraint one_scope check ((scope = 'person') = (person_id is not null)),
  constraint confirmed_soon check (confirmed_at < asked_at + interval '15 minutes'),
  constraint in_order check (
    (begun_at is null or confirmed_at is not null) and (done_at is null or begun_at is not null))
);

alter table identity.deletion enable row level security;
alter table identity.deletion force row level security;

create policy an_engineer_deletes_their_own on identity.deletion to engineer_api
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid)
  with check (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid
    and asked_by = nullif(current_setting('app.person_id', true), '')::uuid);
-- What an engineer deletes of their own is no business of a manager.
create policy a_manager_deletes_in_their_organization on identity.deletion to manager_api
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and (scope = 'organization'
         or asked_by = nullif(current_setting('app.person_id', true), '')::uuid))
  with check (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and asked_by = nullif(current_setting('app.person_id', true), '')::uuid);
create policy own_organization on identity.deletion to retention
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_door_serves_all on identity.deletion for select to deletion_door using (true);

create policy the_door_finishes on identity.deletion for update to deletion_door
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

-- How much it was is one person's number: see counts_of_deletion.
grant select (org_id, id, scope, person_id, asked_by, asked_at, confirmed_at, begun_at, done_at)
  on identity.deletion to engineer_api, manager_api;
grant select on identity.deletion to retention, deletion_door;
grant update (done_at) on identity.deletion to deletion_door;
grant insert (org_id, id, scope, person_id, asked_by) on identity.deletion to engineer_api, manager_api;
grant update (confirmed_at) on identity.deletion to engineer_api, manager_api;
grant update (begun_at, events, sums, parts, days) on identity.deletion to retention;

grant usage on schema identity, capture, release, audit to deletion_door;

-- Within the organization of the transaction, and only by way of the functions below.
create policy deletion_on_request on capture.event for select to deletion_door
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy deletion_on_request_deletes on capture.event for delete to deletion_door
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy deletion_on_request on release.person_week to deletion_door
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy deletion_on_request on audit.entry for select to deletion_door
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
grant select (org_id, person_id, occurred_on, event_id, received_at), delete on capture.event
  to deletion_door;
-- The releaser's roster follows a person's weeks (release), by horizon.
grant select (org_id, person_id, week), delete on release.person_week to deletion_door;
grant select (org_id, entry_uid, leaf) on audit.entry to deletion_door;
grant select (org_id, entry_uid) on audit.private_part to deletion_door, retention;
grant delete on audit.private_part to retention;

-- The deletion, if it may be done now.
create function identity.running_deletion(wanted uuid) returns identity.deletion
  language plpgsql stable security definer set search_path = pg_catalog as
$$
declare
  found identity.deletion;
begin
  select * into found
    from identity.deletion d
   where d.org_id = nullif(current_setting('app.org_id', true), '')::uuid and d.id = wanted
     and d.confirmed_at is not null and d.done_at is null;
  if found.id is null then
    raise exception 'deletion: there is no confirmed deletion of this id that is not done yet'
      using errcode = 'insufficient_privilege';
  end if;
  return found;
end
$$;

-- Deletes some of what had come in when the deletion was confirmed, and says of which days how much.
create function identity.delete_events(wanted uuid, most int)
  returns table (day date, events bigint)
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  d identity.deletion := identity.running_deletion(wanted);
begin
  return query
    with next as (
      select e.occurred_on, e.event_id
        from capture.event e
       where e.org_id = d.org_id and (d.scope = 'organization' or e.person_id = d.person_id)
         and e.received_at <= d.confirmed_at
       limit most),
    gone as (
      delete from capture.event e using next
       where e.org_id = d.org_id and e.occurred_on = next.occurred_on and e.event_id = next.event_id
      returning e.occurred_on)
    select occurred_on, count(*) from gone group by occurred_on;
end
$$;

-- Nothing is done while a row of it is there: two workers can pass over each other's rows.
create function identity.finish_deletion(wanted uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  d identity.deletion := identity.running_deletion(wanted);
begin
  if exists (
    select from capture.event e
     where e.org_id = d.org_id and (d.scope = 'organization' or e.person_id = d.person_id)
       and e.received_at <= d.confirmed_at)
  then
    return false;
  end if;
  update identity.deletion set done_at = now() where org_id = d.org_id and id = d.id;
  return true;
end
$$;

-- What went: of an organization to whoever sees the deletion, of a person to that person only.
create function identity.counts_of_deletion(wanted uuid)
  returns table (events bigint, sums bigint, parts bigint, days date[])
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  return query
    select d.events, d.sums, d.parts, d.days
      from identity.deletion d
     where d.org_id = nullif(current_setting('app.org_id', true), '')::uuid and d.id = wanted
       and (d.scope = 'organization'
            or d.person_id = nullif(current_setting('app.person_id', true), '')::uuid);
end
$$;

-- Deletes the weekly sums. A roll-up that began before is waited for: it could make them anew from
-- events that are gone since. One that begins later sees no event.
create function identity.delete_sums(wanted uuid) returns bigint
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  d identity.deletion := identity.running_deletion(wanted);
  sums bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('analytics:' || d.org_id, 0));
  delete from release.person_week w
   where w.org_id = d.org_id and (d.scope = 'organization' or w.person_id = d.person_id);
  get diagnostics sums = row_count;
  return sums;
end
$$;

-- The entries of the log with personal parts, of the person or of anybody.
create function identity.entries_with_personal_parts(wanted uuid) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog as
$$
declare
  d identity.deletion := identity.running_deletion(wanted);
begin
  return query
    select distinct p.entry_uid
      from audit.private_part p
      join audit.entry e on e.org_id = p.org_id and e.entry_uid = p.entry_uid
     where p.org_id = d.org_id
       and (d.scope = 'organization'
            or convert_from(e.leaf, 'UTF8')::jsonb ->> 'actor' = d.person_id::text
            or convert_from(e.leaf, 'UTF8')::jsonb ->> 'target' = d.person_id::text);
end
$$;

-- Which deletions wait for a worker, over all organizations: ids and nothing else.
create function identity.waiting_deletions() returns table (org_id uuid, id uuid)
  language plpgsql stable security definer set search_path = pg_catalog as
$$
begin
  return query
    select d.org_id, d.id from identity.deletion d where d.confirmed_at is not null and d.done_at is null;
end
$$;

grant deletion_door to current_user with set true, inherit false;
grant create on schema identity to deletion_door;
alter function identity.running_deletion(uuid) owner to deletion_door;
alter function identity.delete_events(uuid, int) owner to deletion_door;
alter function identity.delete_sums(uuid) owner to deletion_door;
alter function identity.finish_deletion(uuid) owner to deletion_door;
alter function identity.counts_of_deletion(uuid) owner to deletion_door;
alter function identity.entries_with_personal_parts(uuid) owner to deletion_door;
alter function identity.waiting_deletions() owner to deletion_door;
revoke create on schema identity from deletion_door;

set local role deletion_door;
grant execute on function identity.delete_events(uuid, int), identity.delete_sums(uuid),
  identity.finish_deletion(uuid), identity.entries_with_personal_parts(uuid), identity.waiting_deletions() to retention;
grant execute on function identity.counts_of_deletion(uuid) to engineer_api, manager_api;
reset role;
-- A trigger on the sums asks for the horizon in the name of whoever deletes.
grant execute on function capture.today(), release.window_of(int), capture.horizon() to deletion_door;
set local role retention_door;
grant execute on function release.floor() to deletion_door;
reset role;
grant select (id, retention_days) on identity.organization to deletion_door;

-- The table of db-scheduler. An envelope is the name of a job and ids, by its checks; it is gone when
-- its job is done.
create schema jobs;
comment on schema jobs is 'What is to be done by the worker, by ids.';
create table jobs.scheduled_task (
  task_name text collate "C" not null constraint task_name check (task_name ~ '^[a-z-]{1,40}$'),
  task_instance text collate "C" not null
    constraint ids check (task_instance ~ '^(recurring|[0-9a-f-]{36}/[0-9a-f-]{36})$'),
  task_data bytea constraint nothing check (octet_length(task_data) = 0),
  execution_time timestamptz not null,
  picked boolean not null,
  picked_by text collate "C" constraint picked_by check (picked_by ~ '^[a-z0-9-]{1,60}$'),
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint not null,
  priority smallint,
  added_at timestamptz not null default now(),
  primary key (task_name, task_instance)
);
create index scheduled_task_by_time on jobs.scheduled_task (execution_time);
grant usage on schema jobs to retention;
grant select, insert, update, delete on jobs.scheduled_task to retention;
