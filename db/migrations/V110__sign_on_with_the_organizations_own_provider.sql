-- SPDX-License-Identifier: Apache-2.0
-- People sign in with their organization's own identity provider. An organization shows by a DNS record that
-- a mail domain is its own; only on such a domain is somebody who comes from the provider known by their mail
-- address, and only once: from then on by issuer and subject.

create domain identity.domain_name as text collate "C"
  constraint domain_name check (
    char_length(value) <= 253
    and value collate "C" ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$');

create domain identity.issuer as text collate "C"
  constraint issuer check (char_length(value) between 3 and 400 and value collate "C" ~ '^[!-~]+$');

create domain identity.subject as text collate "C"
  constraint subject check (char_length(value) between 1 and 255 and value collate "C" !~ '[[:cntrl:]]');

-- How an organization's people sign in; without a row they do it as everybody does.
create table identity.sign_on (
  org_id uuid primary key references identity.organization,
  issuer identity.issuer not null constraint by_web check (issuer ~ '^https?://'),
  client_id text collate "C" not null constraint client_id check (client_id ~ '^[ -~]{1,255}$'),
  -- Under a key that is not in the database, bound to the organization.
  sealed_secret bytea not null constraint sealed_secret check (octet_length(sealed_secret) between 36 and 540),
  last_four text collate "C" not null constraint last_four check (last_four ~ '^[!-~]{4}$'),
  -- What a token has to say where one issuer serves many customers.
  claim_name text collate "C" constraint claim_name check (claim_name ~ '^[A-Za-z0-9_.:/-]{1,100}$'),
  claim_value text collate "C" constraint claim_value check (claim_value ~ '^[!-~]{1,200}$'),
  -- Whether an unknown address on a domain of the organization makes an engineer.
  joins boolean not null default false,
  -- Whether nobody but a manager comes in another way.
  required boolean not null default false,
  -- Whether the provider's word for a second factor counts.
  their_factors boolean not null default false,
  -- The class by which it gives that word, if it does not say `mfa`.
  factor_class text collate "C" constraint factor_class check (factor_class ~ '^[!-~]{1,200}$'),
  constraint a_claim_has_name_and_value check ((claim_name is null) = (claim_value is null))
);

create table identity.domain (
  org_id uuid not null references identity.organization,
  domain identity.domain_name not null,
  claimed_at timestamptz not null,
  verified_at timestamptz,
  primary key (org_id, domain)
);
-- Many may claim a domain; it belongs to one.
create unique index domain_of_one_organization on identity.domain (domain) where verified_at is not null;

create table identity.external_identity (
  org_id uuid not null,
  issuer identity.issuer not null,
  subject identity.subject not null,
  person_id uuid not null,
  joined_at timestamptz not null,
  primary key (org_id, issuer, subject),
  -- Whoever gets an address after somebody else does not get their account.
  unique (org_id, person_id, issuer),
  foreign key (org_id, person_id) references identity.person
);

-- Somebody is on their way to the provider. The browser holds what this is the keyed hash of.
create table identity.sign_on_begun (
  hash bytea primary key constraint hash check (octet_length(hash) = 32),
  org_id uuid not null references identity.organization,
  issuer identity.issuer not null,
  onward text collate "C" not null constraint onward check (onward ~ '^/[!-~]{0,99}$'),
  -- Whether the provider has to ask again who it is.
  again boolean not null,
  begun_at timestamptz not null,
  expires_at timestamptz not null
);
create index sign_on_begun_to_forget on identity.sign_on_begun (org_id, expires_at);

do $$
declare
  named text;
begin
  foreach named in array array['sign_on', 'domain', 'external_identity', 'sign_on_begun'] loop
    execute format('alter table identity.%I enable row level security', named);
    execute format('alter table identity.%I force row level security', named);
    execute format(
      $policy$
      create policy own_organization on identity.%I
        using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
        with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
      $policy$, named);
  end loop;
end $$;

grant select, insert, update, delete on identity.sign_on to identity_api;
grant select, insert, update (verified_at), delete on identity.domain to identity_api;
grant select, insert, delete on identity.external_identity to identity_api;
grant select (org_id, expires_at), insert, delete on identity.sign_on_begun to identity_api;

create policy the_door_sees_all on identity.sign_on for select to credential_door using (true);
create policy the_door_sees_all on identity.domain for select to credential_door using (true);
create policy the_door_sees_all on identity.sign_on_begun to credential_door using (true);
grant select (org_id) on identity.sign_on to credential_door;
grant select (org_id, domain, verified_at) on identity.domain to credential_door;
grant select, delete on identity.sign_on_begun to credential_door;

grant create on schema identity to credential_door;
set local role credential_door;

-- Whose people have addresses on a domain, if they sign in with a provider of their own. It says nothing of
-- any address.
create function identity.find_sign_on(wanted identity.domain_name) returns uuid
  language sql stable security definer set search_path = pg_catalog as
$$
  select d.org_id
    from identity.domain d
    join identity.sign_on s on s.org_id = d.org_id
   where d.domain = wanted and d.verified_at is not null
$$;

-- Whoever comes back from a provider was on their way there, and comes back once.
create function identity.take_sign_on(presented bytea, at timestamptz)
  returns table (org_id uuid, issuer text, onward text, again boolean, begun_at timestamptz)
  language sql volatile security definer set search_path = pg_catalog as
$$
  delete from identity.sign_on_begun b
   where b.hash = presented and b.expires_at > at
  returning b.org_id, b.issuer::text, b.onward, b.again, b.begun_at
$$;

revoke all on function identity.find_sign_on(identity.domain_name) from public;
revoke all on function identity.take_sign_on(bytea, timestamptz) from public;
grant execute on function identity.find_sign_on(identity.domain_name) to identity_api;
grant execute on function identity.take_sign_on(bytea, timestamptz) to identity_api;

reset role;
revoke create on schema identity from credential_door;
