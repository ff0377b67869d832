-- SPDX-License-Identifier: Apache-2.0
-- Dropping a day says nothing about what was in it. This says it before, by organization, and keeps
-- writers out until the transaction ends, so that the audit entries of the drop are exact.

create function capture.count_days_past_90()
  returns table (day date, org_id uuid, events bigint)
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  leaf record;
begin
  -- As when dropping: come back later instead of queueing everyone up behind us.
  set local lock_timeout = '2s';
  for leaf in
    select relname, of_day
      from capture.days()
     where of_day < (now() at time zone 'UTC')::date - 90
     order by of_day
  loop
    -- Share and not exclusive: a reader would hold the parent and wait for us, and we for the parent.
    execute format('lock table capture.%I in share mode', leaf.relname);
    return query execute
      format('select %L::date, e.org_id, count(*) from capture.%I e group by e.org_id',
        leaf.of_day, leaf.relname);
  end loop;
end
$$;

grant execute on function capture.count_days_past_90() to retention;
