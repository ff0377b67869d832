-- SPDX-License-Identifier: Apache-2.0
-- What showed that a domain is an organization's own is looked for again each day. That it is gone is said and
-- written down; it takes nothing away by itself.
alter table identity.domain
  add column lost_at timestamptz,
  add constraint only_what_was_shown_is_lost check (lost_at is null or verified_at is not null);
grant update (lost_at) on identity.domain to identity_api;
