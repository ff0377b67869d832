-- SPDX-License-Identifier: Apache-2.0
-- A client that still has what its engineer deleted would send it once more. What happened up to a
-- confirmed deletion is past for ever, as what lies before the window is.

set local sourceblind.amendment = 'V096: ingest asks up to when a sender''s data was deleted';

create policy a_sender_learns_what_is_deleted on identity.deletion for select to ingest_writer
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and (scope = 'organization'
         or person_id = nullif(current_setting('app.person_id', true), '')::uuid));
grant select (org_id, scope, person_id, confirmed_at) on identity.deletion to ingest_writer;

-- Up to when the data of the transaction's person is deleted; null where none is.
create function capture.deleted_until() returns timestamptz
  language sql stable set search_path = pg_catalog
  return (
    select max(confirmed_at)
      from identity.deletion
     where org_id = nullif(current_setting('app.org_id', true), '')::uuid
       and (scope = 'organization'
            or person_id = nullif(current_setting('app.person_id', true), '')::uuid));

-- Whoever adds events says so first, and a deletion waits for those that were on their way when it was
-- confirmed. A statement sees what was committed before it began, so it has to be one of its own.
create function capture.begin_to_add() returns void
  language sql set search_path = pg_catalog
  return pg_advisory_xact_lock_shared(
    hashtextextended('ingest:' || current_setting('app.org_id'), 0));

create function capture.wait_for_those_who_add() returns void
  language sql set search_path = pg_catalog
  return pg_advisory_xact_lock(hashtextextended('ingest:' || current_setting('app.org_id'), 0));

grant execute on function capture.deleted_until(), capture.begin_to_add() to ingest_writer;
grant execute on function capture.wait_for_those_who_add() to retention;
