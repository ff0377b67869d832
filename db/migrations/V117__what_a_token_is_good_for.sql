-- SPDX-License-Identifier: Apache-2.0
-- A program's token may be good for less than all that its owner reads by program; one for provisioning is
-- good for that alone.

create domain identity.scope as text collate "C"
  constraint scope check (value in ('cells:read', 'own:read', 'proof:read', 'audit:read', 'scim'));

alter table identity.credential
  -- Null: all that the owner's role reads by program, which is never provisioning.
  add column scope identity.scope,
  add constraint only_tokens_have_a_scope check (scope is null or kind = 'api');

grant update (scope) on identity.credential to identity_api;
