-- SPDX-License-Identifier: Apache-2.0
-- RFC 8628: a command line asks for a code, somebody enters it in a browser where they are signed in, and
-- the command line gets its tokens. Codes are kept as keyed hashes only.

create table identity.device_grant (
  id uuid primary key,
  -- Nobody's, until somebody has entered its code.
  org_id uuid not null default '00000000-0000-0000-0000-000000000000',
  person_id uuid,
  device_hash bytea not null unique constraint device_hash check (octet_length(device_hash) = 32),
  user_hash bytea not null unique constraint user_hash check (octet_length(user_hash) = 32),
  state text collate "C" not null default 'asked'
    constraint state check (state in ('asked', 'approved', 'denied', 'redeemed')),
  seconds_between_polls smallint not null default 5
    constraint seconds_between_polls check (seconds_between_polls between 5 and 600),
  polled_at timestamptz,
  expires_at timestamptz not null,
  constraint somebody_decided
    check ((state = 'asked') = (person_id is null))
);

create index device_grant_to_forget on identity.device_grant (expires_at);

alter table identity.device_grant enable row level security;
alter table identity.device_grant force row level security;
create policy the_door_sees_all on identity.device_grant to credential_door
  using (true) with check (true);
grant select, insert, update, delete on identity.device_grant to credential_door;
grant select (family) on identity.credential to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

create function identity.ask_for_device(
    grant_id uuid, device bytea, user_code bytea, at timestamptz, until timestamptz) returns void
  language sql volatile security definer set search_path = pg_catalog as
$$
  delete from identity.device_grant g where g.expires_at < at - interval '1 day';
  insert into identity.device_grant (id, device_hash, user_hash, expires_at)
  values (grant_id, device, user_code, until)
$$;

create function identity.device_is_asked_for(user_code bytea, at timestamptz) returns boolean
  language sql stable security definer set search_path = pg_catalog as
$$
  select exists (
    select from identity.device_grant g
     where g.user_hash = user_code and g.state = 'asked' and g.expires_at > at)
$$;

-- In the name of whoever is bound to the transaction, and of nobody else.
create function identity.decide_on_device(user_code bytea, yes boolean, at timestamptz) returns uuid
  language sql volatile security definer set search_path = pg_catalog as
$$
  update identity.device_grant g
     set state = case when yes then 'approved' else 'denied' end,
         org_id = nullif(current_setting('app.org_id', true), '')::uuid,
         person_id = nullif(current_setting('app.person_id', true), '')::uuid
   where g.user_hash = user_code and g.state = 'asked' and g.expires_at > at
  returning g.id
$$;

-- What to answer to a device that asks, and whose it is once somebody has said yes; that is said once.
create function identity.poll_device(device bytea, at timestamptz)
  returns table (answer text, grant_id uuid, org_id uuid, person_id uuid)
  language plpgsql volatile security definer set search_path = pg_catalog as
$$
declare
  found identity.device_grant;
begin
  select * into found from identity.device_grant g where g.device_hash = device for update;
  if found.id is null or found.state = 'redeemed' then
    return;
  end if;
  if found.expires_at <= at then
    return query select 'expired_token', found.id, null::uuid, null::uuid;
    return;
  end if;
  if found.polled_at > at - found.seconds_between_polls * interval '1 second' then
    update identity.device_grant g
       set polled_at = at, seconds_between_polls = least(g.seconds_between_polls + 5, 600)
     where g.id = found.id;
    return query select 'slow_down', found.id, null::uuid, null::uuid;
    return;
  end if;
  update identity.device_grant g
     set polled_at = at, state = case g.state when 'approved' then 'redeemed' else g.state end
   where g.id = found.id;
  return query select
    case found.state when 'asked' then 'authorization_pending'
                     when 'denied' then 'access_denied' else 'approved' end,
    found.id, found.org_id, found.person_id;
end
$$;

-- Whose a spent refresh token was, so that everything of its family can be ended.
create function identity.family_of(presented bytea)
  returns table (org_id uuid, person_id uuid, family uuid)
  language sql stable security definer set search_path = pg_catalog as
$$
  select c.org_id, c.person_id, c.family
    from identity.credential c
   where c.hash = presented and c.kind = 'refresh' and c.family is not null
$$;

revoke all on function
  identity.ask_for_device(uuid, bytea, bytea, timestamptz, timestamptz) from public;
revoke all on function identity.device_is_asked_for(bytea, timestamptz) from public;
revoke all on function identity.decide_on_device(bytea, boolean, timestamptz) from public;
revoke all on function identity.poll_device(bytea, timestamptz) from public;
revoke all on function identity.family_of(bytea) from public;
grant execute on function
  identity.ask_for_device(uuid, bytea, bytea, timestamptz, timestamptz) to identity_api;
grant execute on function identity.device_is_asked_for(bytea, timestamptz) to identity_api;
grant execute on function identity.decide_on_device(bytea, boolean, timestamptz) to identity_api;
grant execute on function identity.poll_device(bytea, timestamptz) to identity_api;
grant execute on function identity.family_of(bytea) to identity_api;

reset role;
revoke create on schema identity from credential_door;
