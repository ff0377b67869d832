-- SPDX-License-Identifier: Apache-2.0
-- The pattern of word code is a machine of many states and took half of the time that a text
-- takes. Each of its shapes has one of eleven words in it, and each import has one of two: a text without
-- them is not asked the long question. The same texts are taken and the same refused.
set local sourceblind.amendment = 'V129: texts without a word of word code are not asked about its shapes';

alter domain capture.prose add constraint prose_has_no_statement check (
  value collate "pg_c_utf8" !~* '\m(select|insert|update|delete|create|drop|alter|division|storage|namespace|key)\M'
  or value collate "pg_c_utf8" !~* '\m(select .+ from [a-z0-9. ]+ (where|join|group by|order by|limit)|insert into [a-z0-9.]+ (values|select)|update [a-z0-9.]+ set [a-z0-9.]+|delete from [a-z0-9.]+ where|(create|drop|alter) (table|view|index|schema|database|function|trigger) [a-z0-9.]+|(identification|environment|data|procedure) division|working-storage section|using namespace [a-z]+|begin [a-z ]*private key)\M');
alter domain capture.prose add constraint prose_has_no_import check (
  strpos(value, 'import ') = 0 and strpos(value, 'package ') = 0
  or value collate "pg_c_utf8" !~ '(^|[.:!?] )(import [A-Za-z0-9.]+( as [A-Za-z]+)?|from [A-Za-z0-9.]+ import .*|package [a-z0-9]+\.[a-z0-9.]+)([.:!?] |$)');
alter domain capture.prose drop constraint prose_is_not_word_code;
