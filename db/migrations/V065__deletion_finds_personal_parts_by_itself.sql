-- SPDX-License-Identifier: Apache-2.0
-- The worker that deletes a person finds their personal parts in its own way (V091).

set local sourceblind.amendment = 'V065: a function that nobody calls goes';

drop function audit.personal_entries_of(uuid);
