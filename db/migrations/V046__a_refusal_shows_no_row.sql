-- SPDX-License-Identifier: Apache-2.0
-- A broken check makes Postgres show the whole row to whoever row security does not bind: "Failing
-- row contains (...)". For those, and for nobody else, the same rules are asked first and only the
-- name of the broken one is said. The checks stay, because no guarantee may rest on a trigger alone
-- (docs/decisions/0008). The domains need no help: they speak before there is a row.

-- Writes the trigger's function from the rules in the catalogue, so that nobody keeps a second list
-- of them. A migration that changes a check of capture.event calls it again; a test looks.
create function capture.write_speak_first() returns void
  language plpgsql set search_path = pg_catalog as
$outer$
begin
  execute format($body$
    create or replace function capture.speak_first() returns trigger
      language plpgsql set search_path = pg_catalog as
    $$
    declare
      broken text := (select case %s end from (select new.*) event);
    begin
      if broken is not null then
        raise exception '%%', broken using errcode = 'integrity_constraint_violation';
      end if;
      return new;
    end
    $$ $body$,
    (select string_agg(format('when %s then %L', broken, said), ' ' order by part, said)
       from (
         select 1 as part, format('%I is null', attname) as broken,
                format('column "%s" has no value', attname) as said
           from pg_attribute
          where attrelid = 'capture.event'::regclass and attnum > 0 and attnotnull
         union all
         select 2, format('not %s', pg_get_expr(conbin, conrelid)),
                format('new row breaks the check constraint "%s"', conname)
           from pg_constraint
          where conrelid = 'capture.event'::regclass and contype = 'c') rules));
end
$outer$;

select capture.write_speak_first();

create trigger speaks_first before insert or update on capture.event
  for each row when (not row_security_active('capture.event'::regclass))
  execute function capture.speak_first();
