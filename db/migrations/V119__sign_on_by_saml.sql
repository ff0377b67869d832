-- SPDX-License-Identifier: Apache-2.0
-- An organization's provider may speak SAML 2.0. Its answer is posted by its own page, without the cookie of the
-- browser that began; so it is kept, sealed, until that browser comes for it.

alter table identity.sign_on
  drop constraint by_web,
  alter column client_id drop not null,
  alter column sealed_secret drop not null,
  alter column last_four drop not null,
  -- Where a browser is sent.
  add column sso_url text collate "C"
    constraint sso_url check (char_length(sso_url) <= 400 and sso_url ~ '^https?://[!-~]+$'),
  -- What it signs with, each as Base64.
  add column certificates text collate "C"
    constraint certificates check (
      char_length(certificates) <= 40000 and certificates ~ '^[A-Za-z0-9+/=]+( [A-Za-z0-9+/=]+){0,4}$'),
  -- Where our pages were when this was set: an answer is for them, whatever a request calls its host.
  add column pages text collate "C"
    constraint pages check (char_length(pages) <= 200 and pages ~ '^https?://[!-~]+$'),
  add constraint one_protocol check (
    case when starts_with(issuer::text, 'saml:')
      then sso_url is not null and certificates is not null and pages is not null
       and client_id is null and sealed_secret is null and last_four is null and claim_name is null
      else issuer ~ '^https?://' and client_id is not null and sealed_secret is not null and last_four is not null
       and sso_url is null and certificates is null and pages is null end);

alter table identity.sign_on_begun
  -- The keyed hash of what a SAML request is called; without one nothing is answered here.
  add column request bytea constraint request check (octet_length(request) = 32),
  -- What the provider said, under a key that is not in the database, bound to the request.
  add column answer bytea constraint answer check (octet_length(answer) between 29 and 4096),
  add constraint only_a_request_is_answered check (answer is null or request is not null);
create unique index sign_on_begun_by_request on identity.sign_on_begun (org_id, request);

grant select (issuer, request, answer), update (answer) on identity.sign_on_begun to identity_api;

-- Assertions that were taken: none is taken twice.
create table identity.assertion_taken (
  org_id uuid not null references identity.organization,
  hash bytea not null constraint hash check (octet_length(hash) = 32),
  forget_at timestamptz not null,
  primary key (org_id, hash)
);
create index assertion_taken_to_forget on identity.assertion_taken (org_id, forget_at);

alter table identity.assertion_taken enable row level security;
alter table identity.assertion_taken force row level security;
create policy own_organization on identity.assertion_taken
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
grant select (org_id, hash, forget_at), insert, delete on identity.assertion_taken to identity_api;

drop function identity.take_sign_on(bytea, timestamptz);

grant create on schema identity to credential_door;
set local role credential_door;

-- Whoever comes back from a provider was on their way there, and comes back once.
create function identity.take_sign_on(presented bytea, at timestamptz)
  returns table (org_id uuid, issuer text, onward text, again boolean, begun_at timestamptz, answer bytea)
  language sql volatile security definer set search_path = pg_catalog as
$$
  delete from identity.sign_on_begun b
   where b.hash = presented and b.expires_at > at
  returning b.org_id, b.issuer::text, b.onward, b.again, b.begun_at, b.answer
$$;

revoke all on function identity.take_sign_on(bytea, timestamptz) from public;
grant execute on function identity.take_sign_on(bytea, timestamptz) to identity_api;

reset role;
revoke create on schema identity from credential_door;
