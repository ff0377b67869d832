-- SPDX-License-Identifier: Apache-2.0
-- Passkeys: a key on a machine of somebody's, which signs what we ask and counts how often. What is kept
-- here is public by nature; a copied table opens nothing.

create table identity.passkey (
  org_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  label identity.label not null,
  credential_id bytea not null unique
    constraint credential_id check (octet_length(credential_id) between 16 and 1023),
  -- Maker, id and public key, as the machine told them (WebAuthn, 6.5.1).
  attested bytea not null constraint attested check (octet_length(attested) between 55 and 4096),
  sign_count bigint not null constraint sign_count check (sign_count between 0 and 4294967295),
  backup_eligible boolean not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (org_id, id),
  foreign key (org_id, person_id) references identity.person
);

create index passkey_of_a_person on identity.passkey (org_id, person_id);

-- A challenge is signed and kept nowhere until it is used: then it never is again.
create table identity.used_challenge (
  hash bytea primary key constraint hash check (octet_length(hash) = 32),
  forgotten_at timestamptz not null
);

create index used_challenge_to_forget on identity.used_challenge (forgotten_at);

alter table identity.passkey enable row level security;
alter table identity.passkey force row level security;
alter table identity.used_challenge enable row level security;
alter table identity.used_challenge force row level security;

create policy own_organization on identity.passkey
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy the_door_sees_all on identity.passkey for select to credential_door using (true);
create policy the_door_counts on identity.used_challenge to credential_door
  using (true) with check (true);

grant select, insert, delete, update (label, sign_count, used_at) on identity.passkey to identity_api;
grant select on identity.passkey to credential_door;
grant select, insert, update, delete on identity.used_challenge to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

-- Whose it is, before anybody knows who asks: of somebody who is a member still.
create function identity.find_passkey(presented bytea)
  returns table (
    org_id uuid, person_id uuid, id uuid, attested bytea, sign_count bigint, backup_eligible boolean)
  language sql stable security definer set search_path = pg_catalog as
$$
  select k.org_id, k.person_id, k.id, k.attested, k.sign_count, k.backup_eligible
    from identity.passkey k
    join identity.person p on p.org_id = k.org_id and p.id = k.person_id
   where k.credential_id = presented and p.removed_at is null
$$;

-- True once for each challenge.
create function identity.use_challenge(presented bytea, at timestamptz, until timestamptz)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog as
$$
begin
  delete from identity.used_challenge
   where hash in (select hash from identity.used_challenge
                   where forgotten_at < at limit 100 for update skip locked);
  insert into identity.used_challenge values (presented, until) on conflict (hash) do nothing;
  return found;
end
$$;

revoke all on function identity.find_passkey(bytea) from public;
revoke all on function identity.use_challenge(bytea, timestamptz, timestamptz) from public;
grant execute on function identity.find_passkey(bytea) to identity_api;
grant execute on function identity.use_challenge(bytea, timestamptz, timestamptz) to identity_api;

reset role;
revoke create on schema identity from credential_door;
