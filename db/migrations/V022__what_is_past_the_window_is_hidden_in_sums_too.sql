-- SPDX-License-Identifier: Apache-2.0
-- A person's weekly sums live no longer than the events they were made from. As with events, nobody
-- sees what is past the window, even if the retention worker is late.

alter policy an_engineer_reads_their_own on release.person_week
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid
    and week >= capture.horizon());
