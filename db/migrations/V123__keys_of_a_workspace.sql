-- SPDX-License-Identifier: Apache-2.0
-- A workspace is a named part of an organization that holds keys for programs which belong to nobody in
-- person: they outlive whoever made them, and end with the workspace.

create domain identity.workspace_role as text collate "C"
  constraint workspace_role check (value in ('manager', 'reviewer'));

create table identity.workspace (
  org_id uuid not null references identity.organization,
  id uuid not null,
  name identity.label not null,
  created_at timestamptz not null,
  -- Nothing opens it again, and no key of it opens anything.
  closed_at timestamptz,
  primary key (org_id, id)
);
create unique index one_open_workspace_of_a_name on identity.workspace (org_id, lower(name))
  where closed_at is null;

create table identity.workspace_member (
  org_id uuid not null,
  workspace_id uuid not null,
  person_id uuid not null,
  role identity.workspace_role not null,
  primary key (org_id, workspace_id, person_id),
  foreign key (org_id, workspace_id) references identity.workspace,
  foreign key (org_id, person_id) references identity.person
);
create index workspaces_of_a_person on identity.workspace_member (org_id, person_id);

create table identity.workspace_key (
  org_id uuid not null,
  id uuid not null,
  workspace_id uuid not null,
  label identity.label not null,
  -- Nothing of a person's own, and nobody's membership.
  scope identity.scope not null constraint of_nobody_in_person check (scope in ('cells:read', 'proof:read')),
  hash bytea not null unique constraint hash check (octet_length(hash) = 32),
  pepper_id int not null,
  made_by uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
    constraint expires_within_a_year check (expires_at <= created_at + interval '366 days'),
  -- To the day: when a program runs is nobody's business.
  used_on date,
  ended_at timestamptz,
  replaced_by uuid,
  primary key (org_id, id),
  foreign key (org_id, workspace_id) references identity.workspace,
  foreign key (org_id, made_by) references identity.person
);
create index keys_of_a_workspace on identity.workspace_key (org_id, workspace_id);

do $$
declare
  named text;
begin
  foreach named in array array['workspace', 'workspace_member', 'workspace_key'] loop
    execute format('alter table identity.%I enable row level security', named);
    execute format('alter table identity.%I force row level security', named);
    execute format(
      $policy$
      create policy own_organization on identity.%I
        using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
        with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
      $policy$, named);
  end loop;
end $$;

-- Who belongs where is an owner's to say, in the database as well.
create policy an_owner_makes on identity.workspace as restrictive for insert to identity_api
  with check (identity.is_an_owners());
create policy an_owner_changes on identity.workspace as restrictive for update to identity_api
  using (identity.is_an_owners());
create policy an_owner_puts_in on identity.workspace_member as restrictive for insert to identity_api
  with check (identity.is_an_owners());
create policy an_owner_changes on identity.workspace_member as restrictive for update to identity_api
  using (identity.is_an_owners());
create policy an_owner_takes_out on identity.workspace_member as restrictive for delete to identity_api
  using (identity.is_an_owners());

-- Keys are seen by whoever belongs to their workspace, and made and ended by its managers.
create policy own_workspaces on identity.workspace_key as restrictive for select to identity_api
  using (exists (
    select from identity.workspace_member m
     where m.org_id = workspace_key.org_id and m.workspace_id = workspace_key.workspace_id
       and m.person_id = nullif(current_setting('app.person_id', true), '')::uuid));
create policy a_manager_makes on identity.workspace_key as restrictive for insert to identity_api
  with check (exists (
    select from identity.workspace_member m
     where m.org_id = workspace_key.org_id and m.workspace_id = workspace_key.workspace_id
       and m.person_id = nullif(current_setting('app.person_id', true), '')::uuid
       and m.role = 'manager'));
create policy a_manager_ends on identity.workspace_key as restrictive for update to identity_api
  using (exists (
    select from identity.workspace_member m
     where m.org_id = workspace_key.org_id and m.workspace_id = workspace_key.workspace_id
       and m.person_id = nullif(current_setting('app.person_id', true), '')::uuid
       and m.role = 'manager'));

grant select, insert, update (name, closed_at) on identity.workspace to identity_api;
grant select, insert, update (role), delete on identity.workspace_member to identity_api;
-- What a key is good for is never changed, nor whose it is.
grant select, insert, update (expires_at, ended_at, replaced_by) on identity.workspace_key to identity_api;

create policy the_door_sees_all on identity.workspace for select to credential_door using (true);
create policy the_door_sees_all on identity.workspace_key to credential_door using (true) with check (true);
grant select (org_id, id, closed_at) on identity.workspace to credential_door;
grant select, update (used_on) on identity.workspace_key to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

-- Which organization's key it is and what it is good for, before anybody knows who asks.
create function identity.open_key(presented bytea) returns table (key_id uuid, org_id uuid, scope text)
  language sql volatile security definer set search_path = pg_catalog as
$$
  with good as (
    select k.org_id, k.id, k.scope
      from identity.workspace_key k
      join identity.workspace w on w.org_id = k.org_id and w.id = k.workspace_id
     where k.hash = presented
       and k.ended_at is null
       and k.expires_at > now()
       and w.closed_at is null
  ), marked as (
    update identity.workspace_key k
       set used_on = (now() at time zone 'UTC')::date
      from good g
     where k.org_id = g.org_id and k.id = g.id
       and (k.used_on is null or k.used_on < (now() at time zone 'UTC')::date)
  )
  select g.id, g.org_id, g.scope::text from good g
$$;

revoke all on function identity.open_key(bytea) from public;
grant execute on function identity.open_key(bytea) to identity_api;

reset role;
revoke create on schema identity from credential_door;
