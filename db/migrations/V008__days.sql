-- SPDX-License-Identifier: Apache-2.0
-- Events live in one partition a day, so that a day is let go of by dropping it. Only these two
-- functions make and drop days; they belong to the owner, and retention may call them.

create function capture.open_days(first date, last date) returns int
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  day date := first;
  opened int := 0;
begin
  if last - first > 400 then
    raise exception 'At most 400 days are opened at once';
  end if;
  while day <= last loop
    if to_regclass(format('capture.%I', 'event_' || to_char(day, 'YYYYMMDD'))) is null then
      execute format('create table capture.%I partition of capture.event for values from (%L) to (%L)',
        'event_' || to_char(day, 'YYYYMMDD'), day, day + 1);
      opened := opened + 1;
    end if;
    day := day + 1;
  end loop;
  return opened;
end
$$;

-- Which partitions there are. Materialized, or a planner may read a day in the name of any table.
create function capture.days() returns table (relname name, of_day date)
  language sql stable set search_path = pg_catalog as
$$
  with leaves as materialized (
    select c.relname
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'capture.event'::regclass
  )
  select relname, to_date(right(relname, 8), 'YYYYMMDD') from leaves
$$;

-- Drops the partitions of all days before the 90th, and says which.
create function capture.drop_days_past_90() returns setof date
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  leaf record;
begin
  -- Waiting for a long reader would make every insert wait behind us: give up and come back instead.
  set local lock_timeout = '2s';
  for leaf in
    select relname, of_day
      from capture.days()
     where of_day < (now() at time zone 'UTC')::date - 90
     order by of_day
  loop
    execute format('drop table capture.%I', leaf.relname);
    return next leaf.of_day;
  end loop;
end
$$;

grant execute on function capture.open_days(date, date), capture.drop_days_past_90() to retention;
grant execute on function capture.horizon() to ingest_writer, engineer_api, releaser, retention;

-- The first days: everything that a client may still send, and a week ahead.
select capture.open_days(
  (now() at time zone 'UTC')::date - 90, (now() at time zone 'UTC')::date + 7);
