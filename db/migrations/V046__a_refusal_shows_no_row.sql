-- SPDX-License-Identifier: Apache-2.0
-- A broken check makes Postgres show the whole row to whoever row security does not bind: "Failing
-- row contains (...)". For those, and for nobody else, the same rules are asked first and only the
-- name of the broken one is said. They are read from the catalogue, so there is no second list of
-- them; the checks stay, because no guarantee may rest on a trigger alone (docs/decisions/0008).
-- The domains need no help: they speak before there is a row.

create function capture.speak_first() returns trigger
  language plpgsql set search_path = pg_catalog as
$$
declare
  question text;
  answer text;
begin
  select 'select case ' || string_agg(format('when %s then %L', broken, said), ' ' order by part, said)
           || ' end from (select ($1).*) event'
    into question
    from (
      select 1 as part, format('%I is null', attname) as broken,
             format('column "%s" has no value', attname) as said
        from pg_attribute
       where attrelid = tg_relid and attnum > 0 and attnotnull
      union all
      select 2, format('not %s', pg_get_expr(conbin, conrelid)),
             format('new row breaks the check constraint "%s"', conname)
        from pg_constraint
       where conrelid = tg_relid and contype = 'c') rules;
  execute question into answer using new;
  if answer is not null then
    raise exception '%', answer using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$;

create trigger speaks_first before insert or update on capture.event
  for each row when (not row_security_active('capture.event'))
  execute function capture.speak_first();
