-- SPDX-License-Identifier: Apache-2.0
-- The closed set of text that capture can hold. Every pattern is linear, and there are few of them: a
-- backend keeps 32 compiled patterns and becomes ten times slower with the 33rd.
-- Each pattern names its collation: a check is not run under the domain's own, and under the server's
-- default the classes of characters would change with the machine.
-- A domain speaks before any row exists, so a refusal names the rule and never shows the value.

create domain capture.program as text collate "C"
  constraint program check (value collate "C" ~ '^[a-z0-9][a-z0-9._+-]{0,31}$');

create domain capture.subcommand as text collate "C"
  constraint subcommand check (value collate "C" ~ '^[a-z0-9][a-z0-9:._-]{0,31}$');

create domain capture.flag_name as text collate "C"
  constraint flag_name check (value collate "C" ~ '^--?[A-Za-z0-9][A-Za-z0-9-]{0,31}$');

create domain capture.tool_name as text collate "C"
  constraint tool_name check (value collate "C" ~ '^[A-Za-z][A-Za-z0-9_]{0,47}$');

create domain capture.model_name as text collate "C"
  constraint model_name check (value collate "C" ~ '^[A-Za-z0-9][]A-Za-z0-9._:/@[-]{0,63}$');

create domain capture.language as text collate "C"
  constraint language check (value collate "C" ~ '^[a-z][a-z0-9+#.-]{0,23}$');

create domain capture.version as text collate "C"
  constraint version check (value collate "C" ~ '^[0-9A-Za-z][0-9A-Za-z.+-]{0,31}$');

create domain capture.extension as text collate "C"
  constraint extension check (value collate "C" ~ '^[a-z0-9]{1,16}$');

-- A path below the project's root: never absolute, never upwards, no segment longer than a name.
create domain capture.relative_path as text collate "pg_c_utf8"
  constraint path_length check (char_length(value) between 1 and 512)
  constraint path_alphabet check (
    value collate "pg_c_utf8" ~ '^[[:alnum:]._+@-][[:alnum:] ._+@-]{0,127}(/[[:alnum:]._+@-][[:alnum:] ._+@-]{0,127})*$')
  constraint path_stays_inside check (value collate "pg_c_utf8" !~ '(^|/)\.\.?(/|$)')
  constraint path_is_normal check (value is nfc normalized);

-- Plain prose: one paragraph of letters, digits, single spaces and sentence punctuation. Programs do
-- not fit through this alphabet; sentences do. The marks are those of the scripts that need them.
create domain capture.prose as text collate "pg_c_utf8"
  constraint prose_length check (char_length(value) between 1 and 4000)
  constraint prose_alphabet check (
    value collate "pg_c_utf8" ~ '^[][[:alnum:]\u0300-\u036f\u0591-\u05c7\u0610-\u06ed\u0900-\u0dff\u0e00-\u0eff\u3099\u309a .,?!:''’‘“”„«»–—…¿¡，。、？！：「」『』（）；؟،؛।·€-]*$')
  constraint prose_is_one_paragraph check (value collate "pg_c_utf8" !~ '^ |  | $')
  constraint prose_has_no_long_run check (value collate "pg_c_utf8" !~ '[[:alnum:]]{33}')
  -- A bracket stands only in a placeholder. Most prose has none, so look for one first.
  constraint prose_placeholders check (
    strpos(value, '[') = 0 and strpos(value, ']') = 0
    or value collate "pg_c_utf8" ~ '^([^][]|\[((code|diff|stack trace|output|data|text) removed(, [0-9]{1,6} (line|file)s?)?(, [a-z0-9 ]{1,20})?|secret removed(, [a-z0-9 ]{1,32})?|personal data removed|path|name|link)\])*$')
  -- Word-only code fits the alphabet; these are the shapes of it that prose does not take.
  constraint prose_is_not_word_code check (
    value collate "pg_c_utf8" !~* '\m(select .+ from [a-z0-9. ]+ (where|join|group by|order by|limit)|insert into [a-z0-9.]+ (values|select)|update [a-z0-9.]+ set [a-z0-9.]+|delete from [a-z0-9.]+ where|(create|drop|alter) (table|view|index|schema|database|function|trigger) [a-z0-9.]+|(identification|environment|data|procedure) division|working-storage section|using namespace [a-z]+|begin [a-z ]*private key)\M'
    and value collate "pg_c_utf8" !~ '(^|[.:!?] )(import [A-Za-z0-9.]+( as [A-Za-z]+)?|from [A-Za-z0-9.]+ import .*|package [a-z0-9]+\.[a-z0-9.]+)([.:!?] |$)');
