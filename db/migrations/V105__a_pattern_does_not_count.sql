-- SPDX-License-Identifier: Apache-2.0
-- A pattern that counts to 32 is a machine of 32 states, and each character builds another one. What
-- characters a word is made of and how long it may be are two questions; asked apart, the same words are
-- taken and the same refused, in a fraction of the time.
set local sourceblind.amendment = 'V105: alphabets and lengths of words are checked apart';

do $$
declare
  word record;
begin
  for word in
    select * from (values
      ('version', '^[0-9A-Za-z][0-9A-Za-z.+-]*$', 32),
      ('tool_name', '^[A-Za-z][A-Za-z0-9_]*$', 48),
      ('model_name', '^[A-Za-z0-9][]A-Za-z0-9._:/@[-]*$', 64),
      ('language', '^[a-z][a-z0-9+#.-]*$', 24),
      ('extension', '^[a-z0-9]+$', 16),
      ('program', '^[a-z0-9][a-z0-9._+-]*$', 32),
      ('subcommand', '^[a-z0-9][a-z0-9:._-]*$', 32)) w (domain, alphabet, longest)
  loop
    execute format(
      'alter domain capture.%I add constraint %I check (octet_length(value) <= %s)',
      word.domain, word.domain || '_length', word.longest);
    execute format('alter domain capture.%I drop constraint %I', word.domain, word.domain);
    execute format(
      'alter domain capture.%I add constraint %I check (value collate "C" ~ %L)',
      word.domain, word.domain, word.alphabet);
  end loop;
end $$;

alter domain capture.relative_path drop constraint path_alphabet;
alter domain capture.relative_path add constraint path_alphabet check (
  value collate "pg_c_utf8" ~ '^[[:alnum:]._+@-][[:alnum:] ._+@-]*(/[[:alnum:]._+@-][[:alnum:] ._+@-]*)*$');
alter domain capture.relative_path add constraint path_segments_are_short check (
  char_length(value) <= 128 or value collate "pg_c_utf8" !~ '[^/]{129}');
