-- SPDX-License-Identifier: Apache-2.0
-- Whoever guesses waits longer after each guess; nobody is ever locked out. What is counted is named by a
-- keyed hash: an address, a browser, a network. No service reads or changes the counts but through these
-- functions, which say how long to wait and nothing else.

create table identity.attempt (
  bucket bytea primary key constraint bucket check (octet_length(bucket) = 32),
  tries int not null,
  free_at timestamptz not null,
  forgotten_at timestamptz not null
);

create index attempt_to_forget on identity.attempt (forgotten_at);

alter table identity.attempt enable row level security;
alter table identity.attempt force row level security;
create policy the_door_counts on identity.attempt to credential_door using (true) with check (true);
grant select, insert, update, delete on identity.attempt to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

-- Counts a try and answers 0, or counts nothing and answers how many seconds are left to wait.
create function identity.begin_attempt(wanted bytea, spare int, at timestamptz) returns int
  language plpgsql volatile security definer set search_path = pg_catalog as
$$
declare
  counted identity.attempt;
begin
  delete from identity.attempt
   where bucket in (select bucket from identity.attempt
                     where forgotten_at < at limit 100 for update skip locked);
  insert into identity.attempt values (wanted, 0, at, at + interval '1 day')
    on conflict (bucket) do nothing;
  select * into counted from identity.attempt where bucket = wanted for update;
  if counted.free_at > at then
    return ceil(extract(epoch from counted.free_at - at));
  end if;
  update identity.attempt
     set tries = counted.tries + 1,
         -- From the last spare try on: 1 second, 2, 4 ... and at most an hour.
         free_at = at + case when counted.tries + 1 < spare then interval '0'
                             else interval '1 second' * least(2 ^ least(counted.tries + 1 - spare, 12), 3600)
                        end,
         forgotten_at = at + interval '1 day'
   where bucket = wanted;
  return 0;
end
$$;

-- The try was a good one: it counts for nothing.
create function identity.undo_attempt(wanted bytea, at timestamptz) returns void
  language sql volatile security definer set search_path = pg_catalog as
$$
  update identity.attempt
     set tries = greatest(tries - 1, 0), free_at = at
   where bucket = wanted
$$;

create function identity.forget_attempts(wanted bytea) returns void
  language sql volatile security definer set search_path = pg_catalog as
$$
  delete from identity.attempt where bucket = wanted
$$;

revoke all on function identity.begin_attempt(bytea, int, timestamptz) from public;
revoke all on function identity.undo_attempt(bytea, timestamptz) from public;
revoke all on function identity.forget_attempts(bytea) from public;
grant execute on function identity.begin_attempt(bytea, int, timestamptz) to identity_api;
grant execute on function identity.undo_attempt(bytea, timestamptz) to identity_api;
grant execute on function identity.forget_attempts(bytea) to identity_api;

reset role;
revoke create on schema identity from credential_door;
