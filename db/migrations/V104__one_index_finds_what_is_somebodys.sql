-- SPDX-License-Identifier: Apache-2.0
-- An engineer looks for their own events and for one of their own sessions, and nobody looks for anybody
-- else's. One index does for both: the day is the partition's already.
set local sourceblind.amendment = 'V104: one index in the place of two';

drop index capture.event_of_a_person, capture.event_of_a_session;
create index event_of_a_person on capture.event (org_id, person_id, session_ref);
