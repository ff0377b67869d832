-- SPDX-License-Identifier: Apache-2.0
-- A repetition in a regular expression of Postgres goes up to 255 only, so the check refused every key.

set local sourceblind.amendment = 'V064: the check of a witness''s key works';

alter table audit.cosignature drop constraint vkey;
alter table audit.cosignature add constraint vkey
  check (char_length(vkey) between 50 and 300 and vkey ~ '^[!-~]+$');
