// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Layer 3 alone: what the database takes for prose, asked as superuser and without any of our
/// Java.
class PlainProseIT {
  private static final Pattern RULE = Pattern.compile("check constraint \"([a-z_]+)\"");

  private static EmbeddedDatabase database;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    jdbc = JdbcClient.create(database.superuser());
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Please rename the service, and keep its tests green.",
        "Why does this fail? I'd expect the cache to be warm by then: it was, yesterday.",
        "[code removed] does not compile",
        "Look at [code removed, 14 lines, java] and at [path], then tell me about [name].",
        "[diff removed, 2 files] [stack trace removed] [output removed] [link]",
        "[secret removed, github token] [personal data removed] [text removed, too long]",
        "Bitte prüfe, ob die Größe stimmt – sonst brechen wir ab.",
        "请检查一下这个函数，为什么它在第二次调用时失败？",
        "このテストを直してください。",
        "कृपया इस परीक्षण को ठीक करें।",
        "Пожалуйста, исправь этот тест.",
        "import the module by hand and select the right one from the list",
      })
  void sentencesFit(String prose) {
    assertThat(refusal(prose)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int x = 1",
        "foo(bar)",
        "call foo.bar() now",
        "a\nb",
        "  indented",
        "two  blanks",
        "trailing ",
        "a\tb",
        "[code]",
        "[code removed, rm -rf]",
        "[secret removed, ghp_x]",
        "see ] here",
        "snake_case",
        "abcdefghijklmnopqrstuvwxyz0123456",
        "zero\u200bwidth",
        "select name from person where id is 4",
        "INSERT INTO person VALUES",
        "create table person",
        "PROCEDURE DIVISION",
        "import os",
        "from os import path",
        "import java.util.List",
        "package io.sourceblind.db",
        "C:\\temp",
        "50%",
        "say \"hello\"",
        "",
      })
  void codeDoesNot(String code) {
    assertThat(refusal(code)).isNotEmpty();
  }

  /// Each shape of word code by itself, so that a quick question that forgets its word is missed.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select name from person where",
        "select a, b from person p join",
        "select name from person group by",
        "select name from person order by",
        "select name from person limit",
        "insert into person values",
        "insert into person select",
        "update person set name",
        "delete from person where",
        "create table person",
        "create or replace, then create view people",
        "drop index people",
        "alter schema people",
        "drop database people",
        "create function people",
        "alter trigger people",
        "identification division",
        "environment division",
        "data division",
        "procedure division",
        "working-storage section",
        "using namespace std",
        "begin private key",
        "begin rsa private key",
      })
  void wordCodeIsRefusedWhereverItStands(String code) {
    Stream.of("%s", "Look: %s.", "so we-%s, I think", "and %s again")
        .map(sentence -> sentence.formatted(code))
        .flatMap(text -> Stream.of(text, text.toUpperCase(Locale.ROOT)))
        .forEach(text -> assertThat(refusal(text)).as(text).isEqualTo("prose_has_no_statement"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java.util.List",
        "import numpy as np",
        "from os import path",
        "from os import path, sep",
        "package io.sourceblind",
      })
  void importsAreRefusedWhereTheyAreASentence(String code) {
    Stream.of("%s", "Look: %s", "See. %s. Then more.")
        .map(sentence -> sentence.formatted(code))
        .forEach(text -> assertThat(refusal(text)).as(text).isEqualTo("prose_has_no_import"));
  }

  @Test
  void aRefusalNamesTheRuleAndNeverTheText() {
    var refusal = refusalMessage("canaryOf(source);");

    assertThat(refusal).contains("prose_alphabet").doesNotContain("canary");
  }

  @Test
  void atLeast998InAThousandRealPastesAreRefusedAsTheyStand() throws IOException {
    var accepted = new ArrayList<String>();
    var rules = new TreeMap<String, Integer>();
    var pastes = texts("redaction/positives.jsonl");

    for (var paste : pastes.entrySet()) {
      var rule = refusal(paste.getValue());
      rules.merge(rule.isEmpty() ? "accepted" : rule, 1, Integer::sum);
      if (rule.isEmpty()) {
        accepted.add(paste.getKey() + " " + paste.getValue());
      }
    }

    System.out.printf(
        "Layer 3 alone: %d of %d pastes refused, by rule %s%n",
        pastes.size() - accepted.size(), pastes.size(), rules);
    accepted.forEach(System.out::println);
    assertThat((double) accepted.size() / pastes.size()).isLessThanOrEqualTo(0.002);
  }

  private static Map<String, String> texts(String file) throws IOException {
    var json = JsonMapper.shared();
    var texts = new TreeMap<String, String>();
    for (var line : Files.readAllLines(SharedFolder.file(file))) {
      var row = json.readTree(line);
      if (!row.path("source_lines").isEmpty()) {
        texts.put(row.path("id").asString(), row.path("text").asString());
      }
    }
    return texts;
  }

  private static String refusal(String text) {
    var message = refusalMessage(text);
    var rule = RULE.matcher(message);
    return rule.find() ? rule.group(1) : message;
  }

  private static String refusalMessage(String text) {
    try {
      jdbc.sql("select cast(:text as capture.prose)")
          .param("text", text)
          .query(String.class)
          .list();
      return "";
    } catch (DataAccessException refused) {
      return String.valueOf(refused.getMostSpecificCause().getMessage());
    }
  }

  /// A backend belongs to one service, and no service writes both events and accounts.
  @ParameterizedTest
  @ValueSource(strings = {"capture", "identity"})
  void noBackendNeedsMoreThan32CompiledPatterns(String written) {
    var checks =
        jdbc.sql(
                """
                select pg_get_constraintdef(c.oid)
                  from pg_constraint c
                  join pg_namespace n on n.oid = c.connamespace
                 where n.nspname in (:written, 'release', 'audit')
                """)
            .param("written", written)
            .query(String.class)
            .list();

    var patterns =
        checks.stream()
            .flatMap(check -> Pattern.compile("~\\*? '([^']|'')*'").matcher(check).results())
            .map(match -> match.group())
            .distinct()
            .count();

    assertThat(patterns).isBetween(5L, 31L);
  }
}
