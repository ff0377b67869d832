-- SPDX-License-Identifier: Apache-2.0
-- Signing in by mail address: with a password, or with a code that was mailed. An address signs in to
-- one organization: the one where its owner has shown first that the mailbox is theirs.

create domain identity.password_hash as text collate "C"
  constraint password_hash check (
    char_length(value) <= 200
    and value collate "C" ~ '^\$argon2id\$v=19\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$');

create table identity.sign_in (
  org_id uuid not null,
  person_id uuid not null,
  email identity.email not null unique constraint in_lower_case check (email = lower(email)),
  password identity.password_hash,
  primary key (org_id, person_id),
  foreign key (org_id, person_id) references identity.person
);

-- One code, for whoever asked; for an address that is nobody's it is a code that fits nothing.
create table identity.mailed_code (
  id uuid primary key,
  org_id uuid not null,
  person_id uuid,
  hash bytea not null constraint hash check (octet_length(hash) = 32),
  expires_at timestamptz not null,
  tries smallint not null default 0 constraint five_tries check (tries between 0 and 5),
  used_at timestamptz
);

create index person_by_address on identity.person (lower(email));
create index mailed_code_to_forget on identity.mailed_code (expires_at);

alter table identity.sign_in enable row level security;
alter table identity.sign_in force row level security;
alter table identity.mailed_code enable row level security;
alter table identity.mailed_code force row level security;

create policy own_organization on identity.sign_in
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_door_sees_all on identity.sign_in for select to credential_door using (true);
create policy the_door_sees_all on identity.mailed_code to credential_door
  using (true) with check (true);

grant select, insert, update (password), delete on identity.sign_in to identity_api;
grant select on identity.sign_in to credential_door;
grant select (email) on identity.person to credential_door;
grant select, insert, update, delete on identity.mailed_code to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

-- Whose address it is: of the person who signs in with it, or else of the only one who has it.
create function identity.find_sign_in(address identity.email)
  returns table (org_id uuid, person_id uuid, password text)
  language sql stable security definer set search_path = pg_catalog as
$$
  with named as (
    select p.org_id, p.id, s.password::text as password, s.person_id is not null as claimed
      from identity.person p
      left join identity.sign_in s on s.org_id = p.org_id and s.person_id = p.id
     where lower(p.email) = lower(address) and p.removed_at is null)
  select n.org_id, n.id, n.password
    from named n
   where n.claimed or (select count(*) from named) = 1
   order by n.claimed desc
   limit 1
$$;

create function identity.keep_code(
    code_id uuid, address identity.email, code_hash bytea, at timestamptz, until timestamptz)
  returns table (org_id uuid, person_id uuid)
  language sql volatile security definer set search_path = pg_catalog as
$$
  delete from identity.mailed_code c where c.expires_at < at - interval '1 day';
  insert into identity.mailed_code as c (id, org_id, person_id, hash, expires_at)
  select code_id, coalesce(f.org_id, '00000000-0000-0000-0000-000000000000'), f.person_id, code_hash,
         until
    from (select 1) one
    left join identity.find_sign_in(address) f on true
  returning c.org_id, c.person_id
$$;

-- Five tries, and one that fits.
create function identity.enter_code(code_id uuid, code_hash bytea, at timestamptz)
  returns table (org_id uuid, person_id uuid)
  language sql volatile security definer set search_path = pg_catalog as
$$
  with tried as (
    update identity.mailed_code c
       set tries = c.tries + 1,
           used_at = case when c.hash = code_hash and c.person_id is not null then at end
     where c.id = code_id and c.used_at is null and c.tries < 5 and c.expires_at > at
    returning c.org_id, c.person_id, c.used_at)
  select t.org_id, t.person_id from tried t where t.used_at is not null
$$;

revoke all on function identity.find_sign_in(identity.email) from public;
revoke all on function
  identity.keep_code(uuid, identity.email, bytea, timestamptz, timestamptz) from public;
revoke all on function identity.enter_code(uuid, bytea, timestamptz) from public;
grant execute on function identity.find_sign_in(identity.email) to identity_api;
grant execute on function
  identity.keep_code(uuid, identity.email, bytea, timestamptz, timestamptz) to identity_api;
grant execute on function identity.enter_code(uuid, bytea, timestamptz) to identity_api;

reset role;
revoke create on schema identity from credential_door;
