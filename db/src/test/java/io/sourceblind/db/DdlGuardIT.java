// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// No later migration, run by the schema's own owner, gives `capture` a place for source.
class DdlGuardIT {
  private EmbeddedDatabase database;
  private JdbcClient owner;

  @BeforeEach
  void start() {
    database = EmbeddedDatabase.fresh();
    owner = JdbcClient.create(database.owner());
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table capture.event add column body text",
        "alter table capture.event add column body varchar(100)",
        "alter table capture.event add column body jsonb",
        "alter table capture.event add column body bytea",
        "alter table capture.event add column body text[]",
        "alter table capture.event add column body identity.label",
        "create table capture.note (body text)",
        "create table capture.note as select 'x'::text as body",
        "create materialized view capture.note as select 'x'::text as body",
        "create domain capture.anything as text",
        "create domain capture.anything as bytea",
        "create domain capture.anything as capture.prose",
      })
  void aPlaceForTextIsRefused(String ddl) {
    assertThatThrownBy(() -> owner.sql(ddl).update())
        .isInstanceOf(DataAccessException.class)
        .rootCause()
        .hasMessageContaining("capture: ");

    database.withoutDdlGuard();

    assertThatCode(() -> owner.sql(ddl).update()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table capture.event drop constraint kind_is_exact",
        "alter domain capture.prose drop constraint prose_alphabet",
        "drop policy an_engineer_reads_their_own on capture.event",
        "drop trigger speaks_first on capture.event",
        "alter policy an_engineer_reads_their_own on capture.event using (true)",
        "create policy all_is_open on capture.event for select using (true)",
      })
  void aGuardIsNotTakenAwayInSilence(String ddl) {
    assertThatThrownBy(() -> owner.sql(ddl).update())
        .isInstanceOf(DataAccessException.class)
        .rootCause()
        .hasMessageContaining("say why first");

    owner.sql("set local sourceblind.amendment = 'V099: a test'; " + ddl).update();

    var entries =
        JdbcClient.create(database.superuser())
            .sql(
                "select convert_from(leaf, 'UTF8') from audit.entry where action = 'schema.amended'"
                    + " order by id desc limit 1")
            .query(String.class)
            .single();
    assertThat(entries).contains("\"reason\":\"V099: a test\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table capture.event disable row level security",
        "alter table capture.event no force row level security",
        "alter table capture.event disable trigger speaks_first",
      })
  void aGuardIsNotSwitchedOff(String ddl) {
    assertThatThrownBy(() -> owner.sql(ddl).update()).rootCause().hasMessageContaining("stays so");

    database.withoutDdlGuard();

    assertThatCode(() -> owner.sql(ddl).update()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drop event trigger capture_stays_closed",
        "alter event trigger capture_keeps_its_guards disable",
        "drop function guard.after_command() cascade",
        "create or replace function guard.after_drop() returns event_trigger language plpgsql as"
            + " 'begin end'",
        "drop schema guard cascade",
      })
  void theOwnerCannotTakeTheGuardAway(String ddl) {
    assertThatThrownBy(() -> owner.sql(ddl).update())
        .rootCause()
        .hasMessageMatching("(?s).*(must be owner|permission denied).*");
  }

  @Test
  void aFurtherBoundedColumnIsNoTrouble() {
    assertThatCode(() ->
            owner
                .sql(
                    """
                    create domain capture.colour as text collate "C" check (value in ('red', 'blue'));
                    alter table capture.event add column colour capture.colour
                    """)
                .update())
        .doesNotThrowAnyException();
  }

  @Test
  void theMigrationsThemselvesLeftTheirAmendments() {
    var amendments =
        JdbcClient.create(database.superuser())
            .sql(
                """
                select convert_from(leaf, 'UTF8')::jsonb ->> 'target'
                  from audit.entry
                 where action = 'schema.amended'
                """)
            .query(String.class)
            .list();

    assertThat(amendments).filteredOn(target -> target.endsWith(" on capture.event")).hasSize(12);
    assertThat(amendments).contains("audit.checkpoint", "no_change on audit.leaf");
  }
}
