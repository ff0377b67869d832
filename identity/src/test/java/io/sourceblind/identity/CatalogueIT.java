// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.db.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the live catalogue must say, whatever the migrations meant. Each question is asked twice:
/// of the schema as it is, and of one that was made worse in a transaction that is rolled back.
class CatalogueIT {
  private static final String TABLES_WITHOUT_ROW_SECURITY =
      """
      select c.oid::regclass::text
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('identity', 'capture', 'release', 'audit')
         and c.relkind in ('r', 'p', 'f', 'm')
         and not c.relispartition
         and not (c.relrowsecurity and c.relforcerowsecurity)
       order by 1
      """;

  private static final String TABLES_WITHOUT_A_POLICY =
      """
      select c.oid::regclass::text
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('identity', 'capture', 'release', 'audit')
         and c.relkind in ('r', 'p')
         and not c.relispartition
         and not exists (select from pg_policy p where p.polrelid = c.oid)
       order by 1
      """;

  // A grant on a partition goes around the policies of its parent.
  private static final String GRANTS_ON_PARTITIONS =
      """
      select c.oid::regclass || ' to ' || coalesce(r.rolname, 'public')
        from pg_class c
        join (select oid as relation, relacl as acl from pg_class
              union all
              select attrelid, attacl from pg_attribute) granted on granted.relation = c.oid
        cross join lateral aclexplode(granted.acl) g
        left join pg_roles r on r.oid = g.grantee
       where c.relispartition and g.grantee <> c.relowner
       order by 1
      """;

  private static final String GRANTS_IN_CAPTURE =
      """
      select what || ' to ' || r.rolname
        from (select 'schema' as what, nspacl as acl from pg_namespace where nspname = 'capture'
              union all
              select c.oid::regclass::text, c.relacl from pg_class c
               where c.relnamespace = 'capture'::regnamespace
              union all
              select a.attrelid::regclass || '.' || a.attname, a.attacl from pg_attribute a
                join pg_class c on c.oid = a.attrelid
               where c.relnamespace = 'capture'::regnamespace
              union all
              select p.oid::regprocedure::text, p.proacl from pg_proc p
               where p.pronamespace = 'capture'::regnamespace) granted
        cross join lateral aclexplode(acl) g
        join pg_roles r on r.oid = g.grantee
       where r.rolname in ('manager_api', 'identity_api', 'credential_door')
       order by 1
      """;

  // A reviewer asks what a row could carry, and sees none: no table, no view, no function
  // that runs as somebody who may read one.
  private static final String WAYS_OF_A_REVIEWER_TO_EVENTS =
      """
      select c.oid::regclass::text
        from pg_class c
       where c.relnamespace = 'capture'::regnamespace
         and has_any_column_privilege('reviewer_api', c.oid, 'select, insert, update')
         -- It reads the catalogue.
         and c.oid not in ('capture.capacity'::regclass, 'capture.capacity_of_kind'::regclass)
      union all
      select p.oid::regprocedure::text
        from pg_proc p
       where p.pronamespace = 'capture'::regnamespace
         and p.prosecdef and has_function_privilege('reviewer_api', p.oid, 'execute')
       order by 1
      """;

  private static final String FUNCTIONS_FOR_EVERYBODY =
      """
      select p.oid::regprocedure::text
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('identity', 'capture', 'release', 'audit')
         -- Nobody can call a trigger, but for its table.
         and p.prorettype <> 'trigger'::regtype
         and (p.proacl is null
              or exists (select from aclexplode(p.proacl) g where g.grantee = 0))
       order by 1
      """;

  private static final String FUNCTIONS_OF_AN_OWNER_THAT_CAN_BE_MISLED =
      """
      select p.oid::regprocedure::text
        from pg_proc p
       where p.prosecdef
         and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
         and not coalesce(p.proconfig, '{}') @> array['search_path=pg_catalog']
       order by 1
      """;

  private static final String LOGINS_THAT_MAY_BECOME_THE_DOOR =
      """
      select rolname
        from pg_roles
       where rolcanlogin and not rolsuper and rolname like '%\\_login'
         and pg_has_role(oid, 'credential_door', 'set')
       order by 1
      """;

  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void everyTableHasRowSecurityAndItBindsTheOwnerToo() throws SQLException {
    assertThat(answers(TABLES_WITHOUT_ROW_SECURITY)).isEmpty();
    assertThat(answers(TABLES_WITHOUT_A_POLICY)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table identity.open (id int)",
        "alter table identity.person no force row level security",
        "alter table release.person_week disable row level security",
        "alter table audit.entry disable row level security",
        "create table release.half_open (id int);"
            + " alter table release.half_open enable row level security"
      })
  void theTwinWithATableThatIsOpenIsFound(String ddl) throws SQLException {
    assertThat(answers(TABLES_WITHOUT_ROW_SECURITY, ddl)).hasSize(1);
  }

  @Test
  void theTwinWithATableWithoutAPolicyIsFound() throws SQLException {
    assertThat(answers(TABLES_WITHOUT_A_POLICY, "create table release.closed (id int)"))
        .containsExactly("release.closed");
  }

  @Test
  void nobodyHasAGrantOnAPartition() throws SQLException {
    assertThat(answers("select c.oid::regclass::text from pg_class c where c.relispartition"))
        .hasSizeGreaterThan(90);
    assertThat(answers(GRANTS_ON_PARTITIONS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grant select on %s to engineer_api",
        "grant select (org_id) on %s to manager_api",
        "grant insert on %s to ingest_writer",
        "grant select on %s to public"
      })
  void theTwinWithAGrantOnAPartitionIsFound(String grant) throws SQLException {
    var partition =
        answers(
                "select min(c.oid)::regclass::text from pg_class c where c.relispartition"
                    + " and c.relkind = 'r'")
            .getFirst();

    assertThat(answers(GRANTS_ON_PARTITIONS, grant.formatted(partition)))
        .isNotEmpty()
        .allSatisfy(found -> assertThat(found).startsWith(partition + " to "));
  }

  @Test
  void whoeverSeesNothingRawHasNoGrantInCapture() throws SQLException {
    assertThat(answers(GRANTS_IN_CAPTURE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grant usage on schema capture to manager_api",
        "grant select on capture.event to identity_api",
        "grant select (kind) on capture.event to manager_api",
        "grant select on capture.prompt_submitted to manager_api",
        "grant execute on function capture.horizon() to manager_api"
      })
  void theTwinWithAGrantInCaptureIsFound(String grant) throws SQLException {
    assertThat(answers(GRANTS_IN_CAPTURE, grant)).hasSize(1);
  }

  @Test
  void aReviewerHasNoWayToEvents() throws SQLException {
    assertThat(answers(WAYS_OF_A_REVIEWER_TO_EVENTS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grant select on capture.event to reviewer_api",
        "grant select (kind) on capture.event to reviewer_api",
        "grant select on capture.prompt_submitted to reviewer_api",
        "grant execute on function capture.count_days_past_90() to reviewer_api"
      })
  void theTwinWithAWayToEventsIsFound(String grant) throws SQLException {
    assertThat(answers(WAYS_OF_A_REVIEWER_TO_EVENTS, grant)).hasSize(1);
  }

  @Test
  void noFunctionIsForEverybody() throws SQLException {
    assertThat(answers(FUNCTIONS_FOR_EVERYBODY)).isEmpty();
    assertThat(
            answers(
                FUNCTIONS_FOR_EVERYBODY,
                "create function release.peek() returns int language sql return 1;"
                    + " grant execute on function release.peek() to public"))
        .hasSize(1);
  }

  @Test
  void aFunctionThatRunsAsItsOwnerLooksNowhereElse() throws SQLException {
    assertThat(answers(FUNCTIONS_OF_AN_OWNER_THAT_CAN_BE_MISLED)).isEmpty();
    assertThat(
            answers(
                FUNCTIONS_OF_AN_OWNER_THAT_CAN_BE_MISLED,
                "create function release.peek() returns int language sql security definer return 1"))
        .hasSize(1);
  }

  @Test
  void noServiceMayBecomeTheDoor() throws SQLException {
    assertThat(answers(LOGINS_THAT_MAY_BECOME_THE_DOOR)).isEmpty();
    assertThat(
            answers(
                LOGINS_THAT_MAY_BECOME_THE_DOOR,
                "grant credential_door to ingest_login with set true"))
        .containsExactly("ingest_login");
  }

  private static List<String> answers(String question, String... before) throws SQLException {
    try (var connection = database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      execute(connection, "set local sourceblind.amendment = 'A twin in a test'");
      for (var ddl : before) {
        execute(connection, ddl);
      }
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(question)) {
        var answers = new ArrayList<String>();
        while (rows.next()) {
          answers.add(rows.getString(1));
        }
        return answers;
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
