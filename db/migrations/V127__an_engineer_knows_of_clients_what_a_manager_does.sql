-- SPDX-License-Identifier: Apache-2.0
-- The panel of trust stands on an engineer's own page too, with the same counts and under the same condition:
-- what managers may know of clients, those it is about may know.

drop policy read_is_recorded on release.client_health;
create policy read_is_recorded on release.client_health as restrictive for select
  to manager_api, engineer_api, reviewer_api using (audit.read_is_recorded());

grant select on release.client_health to engineer_api;
