-- SPDX-License-Identifier: Apache-2.0
-- How often which field was left out or refused, for the trust page: by organization, never by person.
-- A name that somebody made up could itself be a message, so only names that are known here are
-- counted by name.

do $$
begin
  execute (
    select 'create domain release.field as text collate "C" constraint field check (value in ('
             || string_agg(quote_literal(name), ', ' order by name) || '))'
      from (
        select case when attname like 'redaction%' then 'redaction.' || substr(attname, 11)
                    else attname::text end as name
          from pg_attribute
         where attrelid = 'wire.event'::regclass and attnum > 0
        union all
        values ('event'), ('line'), ('redaction'), ('unlisted')) known);
end $$;

create table release.left_out (
  org_id uuid not null,
  on_day date not null,
  field release.field not null,
  reason text collate "C" not null constraint reason check (reason in (
    'dropped', 'database', 'not_json', 'said_twice', 'too_deep_or_too_long', 'missing', 'expired',
    'unknown_kind', 'not_an_object', 'not_a_string', 'not_a_list', 'not_a_whole_number',
    'not_true_or_false', 'not_a_reference', 'not_a_uuid_v7', 'not_a_utc_time', 'not_on_the_list',
    'not_the_time_of_the_id', 'out_of_range', 'too_long', 'too_many', 'too_old', 'in_the_future',
    'empty', 'broken_text', 'control_character', 'not_nfc', 'alphabet', 'not_below_the_project',
    'against_the_path_mode', 'prose_spacing', 'prose_run', 'prose_placeholder', 'prose_code',
    'prose_secret')),
  times int not null constraint times check (times between 1 and 1000000)
);
comment on table release.left_out is 'One row a batch, field and reason; summed when it is read.';
create index left_out_of_an_organization on release.left_out (org_id, on_day);

alter table release.left_out enable row level security;
alter table release.left_out force row level security;

create policy own_organization on release.left_out
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy what_is_past_the_window_is_hidden on release.left_out as restrictive
  for select to reviewer_api
  using (on_day >= capture.horizon());
create policy retention_finds_what_is_past on release.left_out as restrictive to retention
  using (on_day < capture.horizon());

grant insert on release.left_out to ingest_writer;
grant select on release.left_out to reviewer_api;
grant select (org_id, on_day), delete on release.left_out to retention;
grant execute on function capture.horizon() to reviewer_api;
