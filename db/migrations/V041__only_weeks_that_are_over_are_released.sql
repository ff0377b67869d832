-- SPDX-License-Identifier: Apache-2.0
-- A week is over on its eighth day, and late events have three more (aggregates, R11).

alter table release.released_cell add constraint the_week_is_over
  check (released_at >= (week + 10)::timestamp at time zone 'UTC');
