-- SPDX-License-Identifier: Apache-2.0
-- An engineer is told who may open the numbers they are counted in; who is removed may not any more.

grant select (removed_at) on identity.person to engineer_api;
