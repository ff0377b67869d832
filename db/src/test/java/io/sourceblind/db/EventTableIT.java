// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The event table refuses whatever is not exactly one of the fifteen kinds, whoever asks.
class EventTableIT {
  private static final UUID ORGANIZATION = UUID.randomUUID();
  private static final UUID PERSON = UUID.randomUUID();

  private EmbeddedDatabase database;
  private JdbcClient superuser;

  @BeforeEach
  void start() {
    database = EmbeddedDatabase.fresh().withoutDdlGuard();
    superuser = JdbcClient.create(database.superuser());
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void everyColumnIsOfAClosedType() {
    var open =
        superuser
            .sql(
                """
                select c.relname || '.' || a.attname
                  from pg_attribute a
                  join pg_class c on c.oid = a.attrelid
                  join pg_namespace n on n.oid = c.relnamespace
                  join pg_type t on t.oid = a.atttypid
                  left join pg_type element on element.oid = t.typelem and t.typcategory = 'A'
                 where n.nspname = 'capture' and c.relkind in ('r', 'p') and a.attnum > 0
                   and not (coalesce(element.typtype, t.typtype) = 'd'
                            and coalesce(element.typnamespace, t.typnamespace) = n.oid)
                   and t.typname not in ('bool', 'uuid', 'date', 'timestamptz')
                """)
            .query(String.class)
            .list();

    assertThat(open).isEmpty();
  }

  @Test
  void everyTextDomainHasACheckAndAFixedCollation() {
    var loose =
        superuser
            .sql(
                """
                select t.typname
                  from pg_type t
                  join pg_namespace n on n.oid = t.typnamespace
                 where n.nspname = 'capture' and t.typtype = 'd' and t.typbasetype = 'text'::regtype
                   and (not exists (select from pg_constraint c
                                     where c.contypid = t.oid and c.contype = 'c')
                        or t.typcollation not in (select oid from pg_collation
                                                   where collname in ('C', 'pg_c_utf8')))
                """)
            .query(String.class)
            .list();

    assertThat(loose).isEmpty();
  }

  @Test
  void everyPatternNamesItsCollation() {
    var unnamed =
        superuser
            .sql(
                """
                select c.conname
                  from pg_constraint c
                  join pg_namespace n on n.oid = c.connamespace
                 where n.nspname = 'capture' and c.contypid <> 0
                   and pg_get_constraintdef(c.oid) like '%~%'
                   and pg_get_constraintdef(c.oid) not like '%VALUE COLLATE%~%'
                """)
            .query(String.class)
            .list();

    assertThat(unnamed).isEmpty();
  }

  @Test
  void aWholeEventIsTaken() {
    assertThatCode(() -> insert(gap())).doesNotThrowAnyException();
  }

  @Test
  void aFieldOfAnotherKindIsRefused() {
    var event = gap();
    event.put("program", "mvn");

    assertThatThrownBy(() -> insert(event)).hasStackTraceContaining("kind_is_exact");
    drop("kind_is_exact");
    assertThatCode(() -> insert(event)).doesNotThrowAnyException();
  }

  @Test
  void aMissingFieldIsRefused() {
    var event = gap();
    event.remove("reason");

    assertThatThrownBy(() -> insert(event)).hasStackTraceContaining("kind_is_whole");
    drop("kind_is_whole");
    assertThatCode(() -> insert(event)).doesNotThrowAnyException();
  }

  @Test
  void aWordOfAnotherKindIsRefused() {
    var event = event("turn.completed");
    event.putAll(
        Map.of("outcome", "pass", "tool_calls", 1, "response_chars", 1, "background_tasks", 0));

    assertThatThrownBy(() -> insert(event)).hasStackTraceContaining("words_of_the_kind");
    drop("words_of_the_kind");
    assertThatCode(() -> insert(event)).doesNotThrowAnyException();
  }

  @Test
  void aTimeThatIsNotTheIdsIsRefused() {
    var event = gap();
    event.put("event_id", uuid7(Instant.now().minusSeconds(1)));

    assertThatThrownBy(() -> insert(event)).hasStackTraceContaining("clock");
    drop("clock");
    assertThatCode(() -> insert(event)).doesNotThrowAnyException();
  }

  @Test
  void aPathUnderAHashedPolicyIsRefused() {
    var event = event("file.touched");
    event.putAll(
        Map.of(
            "op",
            "read",
            "path_mode",
            "hashed",
            "category",
            "code",
            "in_project",
            true,
            "lines_added",
            0,
            "lines_removed",
            0,
            "hunks",
            0,
            "path",
            "src/Main.java"));

    assertThatThrownBy(() -> insert(event)).hasStackTraceContaining("path_follows_its_policy");
    drop("path_follows_its_policy");
    assertThatCode(() -> insert(event)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          program       | rm -rf
          program       | Main(String
          subcommand    | install;
          flag_name     | --message=x
          flag_name     | -m text
          tool_name     | mcp__a b
          model_name    | gpt (4)
          language      | C++ 20
          version       | 1.0 beta
          extension     | Java
          relative_path | /etc/passwd
          relative_path | ../secret
          relative_path | a/../b
          relative_path | a//b
          relative_path | src/{name}.java
          relative_path | C:\\temp
          tool          | vim
          kind          | source.leaked
          """)
  void aWordThatDoesNotFitItsDomainIsRefusedWithoutBeingRepeated(String domain, String value) {
    assertThatThrownBy(() ->
            superuser
                .sql("select cast(:value as capture." + domain + ")")
                .param("value", value)
                .query(String.class)
                .list())
        .isInstanceOf(DataAccessException.class)
        .rootCause()
        .hasMessageContaining("violates check constraint")
        .hasMessageNotContaining(value);
  }

  @Test
  void theServerLogNamesTheRuleAndNotTheValue() {
    var event = gap();
    event.put("client_version", "canary value 4711");

    assertThatThrownBy(() -> insert(event)).hasStackTraceContaining("version");

    var log = EmbeddedDatabase.serverLog();
    assertThat(log).contains("check constraint").doesNotContain("canary value 4711");
  }

  @Test
  void aRefusalShowsNoRowEvenToWhomRowSecurityDoesNotBind() {
    var prompt = event("prompt.submitted");
    prompt.put("text", "Canary of a prompt");
    var wrongClock = new LinkedHashMap<>(prompt);
    wrongClock.put("event_id", uuid7(Instant.now().minusSeconds(1)));
    var noTool = new LinkedHashMap<>(prompt);
    noTool.remove("tool");

    assertThat(refusal(wrongClock).getMessage()).endsWith("check constraint \"clock\"");
    assertThat(refusal(prompt).getMessage()).endsWith("check constraint \"kind_is_whole\"");
    assertThat(refusal(noTool).getMessage()).isEqualTo("column \"tool\" has no value");
    for (var event : List.of(wrongClock, prompt, noTool)) {
      assertThat(refusal(event).getDetail()).isNull();
    }
    superuser.sql("drop trigger speaks_first on capture.event").update();
    for (var event : List.of(wrongClock, prompt, noTool)) {
      assertThat(refusal(event).getDetail()).contains("Canary of a prompt");
    }
  }

  @Test
  void whatSpeaksFirstKnowsTheRulesOfToday() {
    var before = speaker();
    superuser.sql("select capture.write_speak_first()").query().listOfRows();
    assertThat(speaker()).isEqualTo(before).contains("kind_is_exact", "\"client_version\"");

    superuser.sql("alter table capture.event add constraint later check (seq <> 7)").update();
    superuser.sql("select capture.write_speak_first()").query().listOfRows();
    assertThat(speaker()).isNotEqualTo(before).contains("later");
  }

  private String speaker() {
    return superuser
        .sql("select prosrc from pg_proc where oid = 'capture.speak_first()'::regprocedure")
        .query(String.class)
        .single();
  }

  @Test
  void theViewOfAKindHasExactlyItsColumnsAndRows() {
    insert(gap());

    var rows = superuser.sql("select * from capture.capture_gap").query().listOfRows();
    var others = superuser.sql("select * from capture.prompt_submitted").query().listOfRows();

    assertThat(rows).hasSize(1).first().satisfies(row -> assertThat(row).containsKey("reason"));
    assertThat(rows.getFirst()).doesNotContainKey("program");
    assertThat(others).isEmpty();
  }

  @Test
  void aServiceRoleCannotChangeWhatIsStored() {
    insert(gap());
    for (var role :
        List.of(DatabaseRole.INGEST_WRITER, DatabaseRole.ENGINEER_API, DatabaseRole.RELEASER)) {
      var door = database.as(role);
      assertThatThrownBy(() ->
              TenantScope.callAs(
                  new Tenant(ORGANIZATION, PERSON),
                  () ->
                      door.inTransaction(
                          jdbc -> jdbc.sql("update capture.event set seq = 7").update())))
          .as(role.sqlName())
          .hasStackTraceContaining("permission denied");
    }
  }

  /// Takes a rule away, and with it the question that a superuser is asked first.
  private void drop(String constraint) {
    superuser.sql("alter table capture.event drop constraint " + constraint).update();
    superuser.sql("select capture.write_speak_first()").query().listOfRows();
  }

  private ServerErrorMessage refusal(Map<String, Object> event) {
    try {
      insert(event);
      throw new AssertionError("It was taken");
    } catch (DataAccessException refused) {
      var cause = (PSQLException) refused.getMostSpecificCause();
      return Objects.requireNonNull(cause.getServerErrorMessage());
    }
  }

  private static Map<String, Object> gap() {
    var event = event("capture.gap");
    event.put("reason", "parse_error");
    event.put("count", 1);
    return event;
  }

  private static Map<String, Object> event(String kind) {
    var at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var event = new LinkedHashMap<String, Object>();
    event.put("org_id", ORGANIZATION);
    event.put("person_id", PERSON);
    event.put("kind", kind);
    event.put("event_id", uuid7(at));
    event.put("occurred_on", at.atOffset(ZoneOffset.UTC).toLocalDate());
    event.put("occurred_at", at);
    event.put("observed_at", at);
    event.put("schema_version", 1);
    event.put("seq", 0);
    event.put("tool", "claude_code");
    event.put("client_version", "0.1.0");
    event.put("source", "transcript");
    event.put("session_ref", UUID.randomUUID());
    event.put("is_subagent", false);
    event.put("redaction_dropped_fields", 0);
    event.put("redaction_dropped_bytes", 0);
    event.put("redaction_unknown_keys", 0);
    return event;
  }

  private static UUID uuid7(Instant at) {
    var random = UUID.randomUUID();
    return new UUID(
        (at.toEpochMilli() << 16) | 0x7000L | (random.getMostSignificantBits() & 0xFFF),
        random.getLeastSignificantBits());
  }

  private void insert(Map<String, Object> event) {
    var columns = String.join(", ", event.keySet());
    var values = ":" + String.join(", :", event.keySet());
    var statement =
        superuser.sql("insert into capture.event (%s) values (%s)".formatted(columns, values));
    for (var field : event.entrySet()) {
      statement =
          statement.param(
              field.getKey(),
              field.getValue() instanceof Instant at
                  ? at.atOffset(ZoneOffset.UTC)
                  : field.getValue());
    }
    statement.update();
  }
}
