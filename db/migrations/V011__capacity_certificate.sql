-- SPDX-License-Identifier: Apache-2.0
-- How much one row can carry, computed from the live catalogue: nothing here is written down twice.
-- For text, the domain's own checks are asked which characters and which lengths they take.

-- Which of the samples a domain takes. The checks are read from the catalogue and run as they stand.
create function capture.takes(domain regtype, samples text[]) returns table (sample text)
  language plpgsql stable set search_path = pg_catalog as
$$
declare
  condition text;
begin
  select string_agg(
      regexp_replace(pg_get_expr(conbin, 0, false), '\yVALUE\y', 'v.sample', 'g'), ' and ')
    into condition
    from pg_constraint
   where contypid = domain and contype = 'c';
  return query execute format(
    'select v.sample from unnest($1) as v (sample) where %s',
    coalesce(condition, 'true')) using samples;
end
$$;

-- The most bits that a value of a domain can carry: log2 of how many values there are, from above.
create function capture.bits_of_domain(domain regtype) returns numeric
  language plpgsql stable set search_path = pg_catalog as
$$
declare
  base regtype;
  definition text;
  unicode boolean;
  characters bigint;
  longest int := 0;
  bounds text[];
begin
  select t.typbasetype, c.collname <> 'C',
         (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where k.contypid = t.oid)
    into base, unicode, definition
    from pg_type t
    left join pg_collation c on c.oid = t.typcollation
   where t.oid = domain;

  if base <> 'text'::regtype then
    bounds := regexp_match(definition, '>= \(?''?(-?\d+).*<= \(?''?(\d+)');
    return coalesce(
      log(2, bounds[2]::numeric - bounds[1]::numeric + 1),
      case base when 'smallint'::regtype then 16 when 'integer'::regtype then 32 else 64 end);
  end if;

  -- A closed list: as many values as words.
  if definition ~ '= ANY' then
    return log(2, greatest(1, (select count(*) from regexp_matches(definition, '''[^'']*''::text', 'g'))));
  end if;

  select count(distinct left(right(sample, 2), 1)) into characters
    from capture.takes(domain, (
      select array_agg(start || chr(code) || 'a')
        from unnest(array['a', '-a']) start,
             generate_series(1, case when unicode then 1114111 else 127 end) code
       where code not between 55296 and 57343));
  select coalesce(max(length(sample)), 0) into longest
    from capture.takes(domain, (
      -- Words of five letters, so that no rule about runs ends it early; and one word, for names.
      select array_agg(sample)
        from (select left(repeat('aaaaa ', 1000), n) as sample from generate_series(1, 5000) n
              union all
              select left(repeat('aaaaa/', 1000), n) from generate_series(1, 600) n
              union all
              select repeat('a', n) from generate_series(1, 200) n
              union all
              select '-' || repeat('a', n) from generate_series(1, 200) n
              union all
              select '--' || repeat('a', n) from generate_series(1, 200) n) samples));
  if longest >= 5000 then
    return 'infinity';
  end if;
  return longest * log(2, greatest(2, characters));
end
$$;

-- Who decides a value: the sender, or the server. What the server decides carries nothing.
create view capture.capacity with (security_invoker = true) as
  with columns as (
    select a.attname::text as column_name,
           format_type(a.atttypid, a.atttypmod) as type,
           coalesce(element.oid, t.oid) as type_oid,
           coalesce(element.typtype, t.typtype) = 'd' as is_domain,
           element.oid is not null as is_list,
           t.typname
      from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_type element on element.oid = t.typelem and t.typcategory = 'A'
     where a.attrelid = 'capture.event'::regclass and a.attnum > 0 and not a.attisdropped
  ), measured as (
    select column_name, type,
           case
             -- Said by the credential and the server's clock, or a function of the event's id.
             when column_name in ('org_id', 'person_id', 'received_at', 'occurred_on', 'occurred_at')
               then 0
             -- 48 bits of time within 90 days, 74 bits that are free.
             when column_name = 'event_id' then 74 + log(2, 90 * 86400000::numeric)
             when is_list then 16 * capture.bits_of_domain(type_oid)
             when is_domain then capture.bits_of_domain(type_oid)
             when typname = 'bool' then 1
             when typname = 'uuid' then 128
             when typname = 'timestamptz' then 64
             else 'infinity'::numeric
           end as bits
      from columns
  )
  select column_name, type, round(bits, 1) as bits, bits > 0 as chosen_by_sender
    from measured;

comment on view capture.capacity is
  'The most bits that each column of capture.event can carry. infinity would mean: as much as one likes.';

-- What a row of each kind can carry: the sum over the columns of the kind's view.
create view capture.capacity_of_kind with (security_invoker = true) as
  select v.relname::text as kind,
         sum(c.bits) as bits,
         sum(c.bits) filter (where c.chosen_by_sender) as chosen_by_sender
    from pg_class v
    join pg_attribute a on a.attrelid = v.oid and a.attnum > 0
    join capture.capacity c on c.column_name = a.attname
   where v.relkind = 'v' and v.relnamespace = 'capture'::regnamespace
     and exists (select from pg_attribute id where id.attrelid = v.oid and id.attname = 'event_id')
   group by v.relname;

grant usage on schema capture to reviewer_api;
grant select on capture.capacity, capture.capacity_of_kind to reviewer_api;
grant execute on function capture.takes(regtype, text[]), capture.bits_of_domain(regtype)
  to reviewer_api;
