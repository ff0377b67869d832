-- SPDX-License-Identifier: Apache-2.0
-- Without it, an engineer's own page would look through everybody's events of the whole window.

create index event_of_a_person on capture.event (org_id, person_id, occurred_on);
