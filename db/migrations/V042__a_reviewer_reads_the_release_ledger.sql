-- SPDX-License-Identifier: Apache-2.0
-- The columns were granted with the table; the way to it was missing.

grant usage on schema release to reviewer_api;
