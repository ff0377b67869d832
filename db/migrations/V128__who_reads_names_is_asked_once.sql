-- SPDX-License-Identifier: Apache-2.0
-- Of each team and person that a page names, the database asked whether the read is on record: 500 teams, 500
-- times the same question. A sub-select is asked once for a statement. These two tables stay on one node
-- whatever happens to the others, so theirs may have one.

set local sourceblind.amendment = 'V128: who reads names is asked once for a statement';

alter policy read_is_recorded on identity.team using ((select audit.read_is_recorded()));
alter policy read_is_recorded on identity.person using ((select audit.read_is_recorded()));
