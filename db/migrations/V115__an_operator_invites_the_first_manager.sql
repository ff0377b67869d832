-- SPDX-License-Identifier: Apache-2.0
-- A new organization has nobody in it who could invite. Its first manager is asked in by whoever runs
-- the installation, and by nobody else is anybody else.

alter table identity.invitation
  alter column invited_by drop not null,
  add constraint only_managers_are_invited_by_nobody check (invited_by is not null or role = 'manager');
