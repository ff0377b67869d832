-- SPDX-License-Identifier: Apache-2.0
-- Who may act in the database. A service logs in as a NOINHERIT login that may take one or few of
-- these roles, one transaction at a time; no service is ever the owner. Logins and their passwords
-- are made by `Logins`, not here: a migration holds no secret.

do $$
declare
  role_name text;
begin
  foreach role_name in array array[
    'ingest_writer', 'manager_api', 'engineer_api', 'reviewer_api', 'identity_api', 'releaser',
    'retention', 'credential_door'
  ] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin noinherit nosuperuser nobypassrls', role_name);
    end if;
  end loop;
end $$;

-- Nobody gets anything by default.
revoke all on schema public from public;
alter default privileges revoke execute on functions from public;

create schema identity;
create schema capture;
create schema release;
create schema audit;

comment on schema identity is 'Who someone is and what they may do.';
comment on schema capture is 'What came from engineers'' machines: only closed domains, no open text.';
comment on schema release is 'Numbers made from capture: per person only while raw data lives, per team for good.';
comment on schema audit is 'Who looked at, changed and deleted what. Append-only.';

grant usage on schema identity to
  ingest_writer, manager_api, engineer_api, reviewer_api, identity_api, releaser, retention,
  credential_door;
grant usage on schema capture to ingest_writer, engineer_api, releaser, retention;
grant usage on schema release to ingest_writer, manager_api, engineer_api, releaser, retention;
grant usage on schema audit to
  ingest_writer, manager_api, engineer_api, reviewer_api, identity_api, releaser, retention;
