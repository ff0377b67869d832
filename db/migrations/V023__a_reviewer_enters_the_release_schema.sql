-- SPDX-License-Identifier: Apache-2.0
-- The grant on released cells was there; without this one it opened nothing.

grant usage on schema release to reviewer_api;
