-- SPDX-License-Identifier: Apache-2.0
-- Postgres repeats a value that it cannot read in its error and so in its log: `invalid input syntax
-- for type uuid: "..."`. These read a text and answer null instead; the checks then name what is
-- missing.

create function capture.as_number(value text) returns bigint
  language sql stable parallel safe
  return case when pg_input_is_valid(value, 'bigint') then value::bigint end;

create function capture.as_boolean(value text) returns boolean
  language sql stable parallel safe
  return case when pg_input_is_valid(value, 'boolean') then value::boolean end;

create function capture.as_uuid(value text) returns uuid
  language sql stable parallel safe
  return case when pg_input_is_valid(value, 'uuid') then value::uuid end;

create function capture.as_time(value text) returns timestamptz
  language sql stable parallel safe
  return case when pg_input_is_valid(value, 'timestamptz') then value::timestamptz end;

grant execute on function
  capture.as_number(text), capture.as_boolean(text), capture.as_uuid(text), capture.as_time(text)
  to ingest_writer;
