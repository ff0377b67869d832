-- SPDX-License-Identifier: Apache-2.0
-- A batch comes in as one value, an array of rows of the shape below, which is read in one pass: JSON
-- by names took twice as long (bench/ingest). The shape is made from the columns of capture.event
-- with their closed domains taken off, so that it is the table that judges a value and names the
-- rule; a reader of a plain type repeats what it cannot read, so ingest prints numbers, times and
-- ids itself. Nothing can be kept in a shape: this schema has no table and nobody may make one.

create schema wire;
comment on schema wire is 'The shape of what is on its way in. There is no table here.';

do $$
begin
  execute (
    select 'create type wire.event as (' || string_agg(
             format('%I %s', a.attname, case
               when element.oid is not null then 'text[]'
               when t.typtype = 'd' and t.typbasetype <> 'text'::regtype then 'bigint'
               when t.typtype = 'd' then 'text'
               else format_type(t.oid, null) end), ', ' order by a.attnum) || ')'
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_type element on element.oid = t.typelem and t.typcategory = 'A'
     where a.attrelid = 'capture.event'::regclass and a.attnum > 0 and not a.attisdropped
       and a.attname not in ('org_id', 'person_id', 'occurred_on', 'received_at'));
end $$;

grant usage on schema wire to ingest_writer;

drop function capture.as_number(text);
drop function capture.as_boolean(text);
drop function capture.as_uuid(text);
drop function capture.as_time(text);

-- What an organization no longer keeps is not taken in either.
grant select (retention_days) on identity.organization to ingest_writer;
