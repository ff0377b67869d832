-- SPDX-License-Identifier: Apache-2.0
-- A token gets a successor while it still works for a day, so that nothing stands still in between. And
-- a credential says under which pepper it was hashed, so that somebody sees when an old one can go.

alter table identity.credential
  add column replaced_by uuid,
  -- The first bytes of a hash of the pepper; they say nothing of it.
  add column pepper_id int;

grant update (expires_at, replaced_by) on identity.credential to identity_api;
