// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Every grant that a role has, tried across organizations. The grants are asked of the catalogue,
/// so a new one is tried without anybody thinking of it; so is a table that has no rows to try it
/// on.
class RowSecurityIT {
  private static final UUID OURS = UUID.fromString("00000000-0000-4000-8000-00000000000a");
  private static final UUID THEIRS = UUID.fromString("00000000-0000-4000-8000-00000000000b");
  private static final UUID COLLEAGUE = UUID.fromString("00000000-0000-4000-8000-0000000000ac");

  /// Nightly work goes from organization to organization, and so sees the ids and windows of all.
  private static final Set<String> SEEN_ACROSS_ORGANIZATIONS =
      Set.of(
          "releaser may select identity.organization",
          "retention may select identity.organization",
          // Hashes only: neither may read an entry.
          "audit_sequencer may select audit.entry",
          "audit_sequencer may select audit.leaf",
          "audit_sequencer may select audit.node",
          "audit_signer may select audit.leaf",
          "audit_signer may select audit.node",
          "audit_signer may select audit.checkpoint",
          "audit_signer may select audit.blinding");

  /// The trees and their checkpoints are made for all organizations by one process each.
  private static final Set<String> ADDED_ACROSS_ORGANIZATIONS =
      Set.of(
          "audit_sequencer may insert audit.leaf",
          "audit_sequencer may insert audit.node",
          "audit_signer may insert audit.checkpoint",
          "audit_signer may insert audit.blinding");

  /// Keyed hashes of tries and of used challenges, for people who are nobody yet. No role may touch
  /// them: only the door's own functions do.
  private static final Set<String> OF_NO_ORGANIZATION =
      Set.of("identity.attempt", "identity.used_challenge");

  private static EmbeddedDatabase database;
  private static UUID record = OURS;

  record Grant(DatabaseRole role, String privilege, String table) {
    @Override
    public String toString() {
      return "%s may %s %s".formatted(role.sqlName(), privilege, table);
    }

    boolean isOf(String... privileges) {
      return Arrays.asList(privileges).contains(privilege);
    }

    String organization() {
      return table.equals("identity.organization") ? "id" : "org_id";
    }
  }

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    var superuser = new JdbcTemplate(database.superuser());
    for (var organization : new UUID[] {OURS, THEIRS}) {
      superuser.execute(rowsOf(organization));
    }
    superuser.execute(rowsOfAColleague());
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  static Stream<Grant> grants() {
    return everyGrant().stream();
  }

  static Stream<Grant> grantsToTouch() {
    return grants().filter(grant -> grant.isOf("select", "update", "delete"));
  }

  static Stream<Grant> grantsToInsert() {
    return grants().filter(grant -> grant.isOf("insert"));
  }

  @Test
  void everyTableHasRowsOfTwoOrganizations() {
    var tables =
        JdbcClient.create(database.superuser())
            .sql(
                """
                select c.oid::regclass::text
                  from pg_class c
                 where c.relnamespace::regnamespace::text in
                       ('identity', 'capture', 'release', 'audit')
                   and c.relkind in ('r', 'p') and not c.relispartition
                """)
            .query((row, _) -> row.getString(1))
            .list();

    assertThat(tables).hasSizeGreaterThanOrEqualTo(9);
    for (var table : tables) {
      if (OF_NO_ORGANIZATION.contains(table)) {
        continue;
      }
      var organization = table.equals("identity.organization") ? "id" : "org_id";
      assertThat(
              JdbcClient.create(database.superuser())
                  .sql("select count(distinct %s) from %s".formatted(organization, table))
                  .query(Integer.class)
                  .single())
          .as("%s needs rows in this test", table)
          .isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void whatIsOfNoOrganizationIsNobodysToTouch() {
    assertThat(grants()).noneMatch(grant -> OF_NO_ORGANIZATION.contains(grant.table()));
  }

  @Test
  void thereAreGrantsToTry() {
    assertThat(grantsToTouch()).hasSizeGreaterThan(25);
    assertThat(grantsToInsert()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("grantsToTouch")
  void aRoleTouchesRowsOfItsOrganizationOnly(Grant grant) throws SQLException {
    try (var connection = transaction()) {
      var own =
          number(
              connection,
              "select count(*) from %s where %s = '%s'"
                  .formatted(grant.table, grant.organization(), OURS));
      become(connection, grant.role, OURS);

      var touched = touched(connection, grant);

      if (SEEN_ACROSS_ORGANIZATIONS.contains(grant.toString())) {
        assertThat(touched).isGreaterThan(own);
      } else {
        // At least one: a grant that reaches nothing is a mistake as well.
        assertThat(touched).isBetween(1L, own);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("grantsToTouch")
  void withoutAnOrganizationARoleTouchesNothing(Grant grant) throws SQLException {
    try (var connection = transaction()) {
      var gated = isGated(connection, grant);
      execute(connection, "set local role " + grant.role.sqlName());

      if (gated) {
        // An error where the gate is asked first, nothing where the rows are looked for first.
        try {
          assertThat(touched(connection, grant)).isZero();
        } catch (SQLException refused) {
          assertThat(refused.getMessage())
              .contains("nothing is read before a committed entry says who reads it");
        }
        return;
      }
      var touched = touched(connection, grant);

      if (SEEN_ACROSS_ORGANIZATIONS.contains(grant.toString())) {
        assertThat(touched).isGreaterThanOrEqualTo(2);
      } else {
        assertThat(touched).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("grantsToTouch")
  void theTwinWithoutRowSecurityTouchesEverybodysRows(Grant grant) throws SQLException {
    try (var connection = transaction()) {
      withoutRowSecurity(connection, grant.table);
      var all = number(connection, "select count(*) from " + grant.table);
      become(connection, grant.role, OURS);

      assertThat(touched(connection, grant)).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @MethodSource("grantsToInsert")
  void aRoleAddsNoRowToAnotherOrganization(Grant grant) throws SQLException {
    try (var connection = transaction()) {
      var insert = insertTheirRow(connection, grant);
      become(connection, grant.role, OURS);

      assertThatThrownBy(() -> execute(connection, insert))
          .hasMessageContaining(
              ADDED_ACROSS_ORGANIZATIONS.contains(grant.toString())
                  ? "duplicate key"
                  : "violates row-level security policy");
    }
  }

  @ParameterizedTest
  @MethodSource("grantsToInsert")
  void theTwinWithoutRowSecurityIsOnlyStoppedByWhatIsThereAlready(Grant grant) throws SQLException {
    try (var connection = transaction()) {
      var insert = insertTheirRow(connection, grant);
      withoutRowSecurity(connection, grant.table);
      become(connection, grant.role, OURS);

      try {
        execute(connection, insert);
      } catch (SQLException stopped) {
        assertThat(stopped.getMessage()).contains("duplicate key");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture.event", "release.person_week"})
  void anEngineerSeesNoColleague(String table) throws SQLException {
    try (var connection = transaction()) {
      become(connection, DatabaseRole.ENGINEER_API, OURS);

      assertThat(number(connection, "select count(distinct person_id) from " + table)).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"capture.event", "release.person_week"})
  void theTwinThatNamesOnlyTheOrganizationShowsTheColleague(String table) throws SQLException {
    try (var connection = transaction()) {
      execute(connection, "set sourceblind.amendment = 'A twin in a test'");
      execute(
          connection,
          """
          alter policy an_engineer_reads_their_own on %s
            using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
          """
              .formatted(table));
      become(connection, DatabaseRole.ENGINEER_API, OURS);

      assertThat(number(connection, "select count(distinct person_id) from " + table)).isEqualTo(2);
    }
  }

  @Test
  void aSenderAddsNothingForAColleague() throws SQLException {
    try (var connection = transaction()) {
      var insert =
          insertTheirRow(
                  connection, new Grant(DatabaseRole.INGEST_WRITER, "insert", "capture.event"))
              .replace(THEIRS.toString(), OURS.toString())
              .replace("\"person_id\": \"" + OURS, "\"person_id\": \"" + COLLEAGUE);
      become(connection, DatabaseRole.INGEST_WRITER, OURS);

      assertThat(insert).contains(COLLEAGUE.toString());
      assertThatThrownBy(() -> execute(connection, insert))
          .hasMessageContaining("violates row-level security policy");
    }
  }

  private static List<Grant> everyGrant() {
    return JdbcClient.create(database.superuser())
        .sql(
            """
            select upper(r.rolname) as role, privilege, c.oid::regclass::text as "table"
              from pg_class c
             cross join pg_roles r
             cross join unnest(array['select', 'insert', 'update', 'delete']) privilege
             where c.relnamespace::regnamespace::text in ('identity', 'capture', 'release', 'audit')
               and c.relkind in ('r', 'p') and not c.relispartition
               and upper(r.rolname) = any (:roles)
               and has_schema_privilege(r.oid, c.relnamespace, 'usage')
               and case privilege
                     when 'delete' then has_table_privilege(r.oid, c.oid, privilege)
                     else has_any_column_privilege(r.oid, c.oid, privilege)
                   end
             order by 1, 3, 2
            """)
        .param("roles", Arrays.stream(DatabaseRole.values()).map(Enum::name).toArray(String[]::new))
        .query((row, _) ->
            new Grant(
                DatabaseRole.valueOf(row.getString("role")),
                row.getString("privilege"),
                row.getString("table")))
        .list();
  }

  private static long touched(Connection connection, Grant grant) throws SQLException {
    return switch (grant.privilege) {
      case "select" -> number(connection, "select count(*) from " + grant.table);
      case "delete" -> update(connection, "delete from " + grant.table);
      case "update" -> {
        var column =
            text(
                connection,
                """
                select attname
                  from pg_attribute
                 where attrelid = '%s'::regclass and attnum > 0 and not attisdropped
                   and has_column_privilege(attrelid, attnum, 'update')
                 order by attnum desc
                 limit 1
                """
                    .formatted(grant.table));
        yield update(connection, "update %s set %s = %s".formatted(grant.table, column, column));
      }
      default -> throw new IllegalArgumentException("Touched by an insert is nothing");
    };
  }

  /// A statement that adds a row like one of theirs, with the columns that the role may fill in.
  private static String insertTheirRow(Connection connection, Grant grant) throws SQLException {
    var columns =
        text(
            connection,
            """
            select string_agg(quote_ident(attname), ', ' order by attnum)
              from pg_attribute
             where attrelid = '%s'::regclass and attnum > 0 and not attisdropped
               and attgenerated = '' and attidentity = ''
               and has_column_privilege('%s', attrelid, attnum, 'insert')
            """
                .formatted(grant.table, grant.role.sqlName()));
    var row =
        text(
            connection,
            "select to_jsonb(t)::text from %s t where %s = '%s' order by to_jsonb(t) ->> 'occurred_on' desc limit 1"
                .formatted(grant.table, grant.organization(), THEIRS));
    return "insert into %s (%s) select %s from jsonb_populate_record(null::%s, '%s'::jsonb)"
        .formatted(grant.table, columns, columns, grant.table, row);
  }

  private static void withoutRowSecurity(Connection connection, String table) throws SQLException {
    execute(connection, "set local sourceblind.amendment = 'A twin in a test'");
    if (table.startsWith("capture.")) {
      execute(connection, "alter event trigger capture_stays_closed disable");
    }
    execute(connection, "alter table %s disable row level security".formatted(table));
  }

  /// Whether what the role reads there must be on record first.
  private static boolean isGated(Connection connection, Grant grant) throws SQLException {
    return number(
            connection,
            """
            select count(*)
              from pg_policy
             where polname = 'read_is_recorded' and polrelid = '%s'::regclass
               and '%s'::regrole = any (polroles)
            """
                .formatted(grant.table, grant.role.sqlName()))
        > 0;
  }

  private static void become(Connection connection, DatabaseRole role, UUID organization)
      throws SQLException {
    execute(connection, "set local role " + role.sqlName());
    execute(connection, "set local app.org_id = '%s'".formatted(organization));
    execute(connection, "set local app.person_id = '%s'".formatted(organization));
    execute(connection, "set local app.audit_entry = '%s'".formatted(record));
  }

  /// Closing it rolls back. That our own person is about to read is on record when it begins.
  private static Connection transaction() throws SQLException {
    record = UUID.randomUUID();
    JdbcClient.create(database.superuser())
        .sql(
            """
            insert into audit.entry (entry_uid, org_id, action, leaf)
            values (:uid, :org, 'test.read', convert_to('{"actor":"' || :org || '"}', 'UTF8'))
            """)
        .param("uid", record)
        .param("org", OURS)
        .update();
    var connection = database.superuser().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long update(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return Long.parseLong(text(connection, sql));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found.getFirst();
    }
  }

  /// One row in every table, for a person who has the organization's id; in the tables that
  /// retention clears one that is past the window as well.
  private static String rowsOf(UUID organization) {
    return """
    insert into identity.organization (id, name, retention_days, ref_key)
      values ('$org', 'Somewhere', 30, sha256('x'));
    insert into identity.team (org_id, id, name) values ('$org', '$org', 'Team');
    insert into identity.person (org_id, id, team_id, name, email, role)
      values ('$org', '$org', '$org', 'Somebody', 'somebody@example.com', 'owner');
    insert into identity.credential (id, org_id, person_id, kind, label, hash, expires_at)
      values ('$org', '$org', '$org', 'api', 'test', sha256('$org'), now() + interval '1 day');
    insert into identity.sign_in (org_id, person_id, email)
      values ('$org', '$org', '$org@example.com');
    insert into identity.totp (org_id, person_id, sealed) values ('$org', '$org', sha256('x'));
    insert into identity.passkey
        (org_id, id, person_id, label, credential_id, attested, sign_count, backup_eligible, created_at)
      values ('$org', '$org', '$org', 'test', sha256('$org'), repeat('x', 60)::bytea, 0, false, now());
    insert into identity.mailed_code (id, org_id, person_id, hash, expires_at)
      values ('$org', '$org', '$org', sha256('x'), now());
    insert into identity.sign_on (org_id, issuer, client_id, sealed_secret, last_four)
      values ('$org', 'https://idp.example.com', 'x', repeat('x', 40)::bytea, 'abcd');
    insert into identity.domain (org_id, domain, claimed_at) values ('$org', 'example.com', now());
    insert into identity.external_identity (org_id, issuer, subject, person_id, joined_at)
      values ('$org', 'https://idp.example.com', 'x', '$org', now());
    insert into identity.provisioned (org_id, id, external_id) values ('$org', '$org', 'x');
    insert into identity.sign_on_begun (hash, org_id, issuer, onward, again, begun_at, expires_at)
      values (sha256('$org'), '$org', 'https://idp.example.com', '/', false, now(), now());
    insert into identity.assertion_taken (org_id, hash, forget_at)
      values ('$org', sha256('$org'), now());
    insert into identity.invitation
        (org_id, id, email, role, hash, invited_by, created_at, expires_at)
      values ('$org', '$org', 'x@example.com', 'engineer', sha256('$org'), '$org', now(), now());
    insert into identity.device_grant
        (id, org_id, person_id, device_hash, user_hash, state, expires_at)
      values ('$org', '$org', '$org', sha256('$org'), sha256('$org'), 'denied', now());
    insert into identity.workspace (org_id, id, name, created_at)
      values ('$org', '$org', 'Workspace', now());
    insert into identity.workspace_member (org_id, workspace_id, person_id, role)
      values ('$org', '$org', '$org', 'manager');
    insert into identity.workspace_key
        (org_id, id, workspace_id, label, scope, hash, pepper_id, made_by, created_at, expires_at)
      values ('$org', '$org', '$org', 'test', 'cells:read', sha256('$org'), 1, '$org', now(),
        now() + interval '1 day');
    insert into release.dirty_day (org_id, occurred_on) values ('$org', current_date);
    insert into identity.deletion (org_id, id, scope, person_id, asked_by)
      values ('$org', '$org', 'person', '$org', '$org');
    insert into release.let_go (org_id, before) values ('$org', current_date - 30);
    insert into release.left_out (org_id, on_day, field, reason, times)
    values ('$org', current_date, 'text', 'prose_code', 1),
           ('$org', current_date - 91, 'text', 'prose_code', 1);
    insert into release.released_cell
        (org_id, team_id, metric, week, state, step, people, rules, released_at)
      values ('$org', '$org', 'prompts', date_trunc('week', now())::date - 28, 'withheld', 1, 1, 1,
        now());
    insert into release.publication (org_id, week, rules, groups, released, withheld)
      values ('$org', date_trunc('week', now())::date - 28, 2, 0, 0, 0);
    insert into release.organization_line
        (org_id, metric, week, weeks, value, step, people, groups, rules)
      values ('$org', 'prompts', date_trunc('week', now())::date - 28, 1, 1, 1, 7, 1, 2);
    insert into release.client_health (org_id, epoch, engineers, versions)
      values ('$org', release.epoch_of(current_date - 56), 1, '{}');
    insert into release.threshold (org_id, from_epoch, least_people, least_active)
      values ('$org', release.epoch_of(current_date - 28) + 56, 7, 5);
    insert into release.known_team (org_id, team_id, first_epoch)
      values ('$org', '$org', release.epoch_of(current_date - 28));
    insert into release.frozen_epoch (org_id, epoch)
      values ('$org', release.epoch_of(current_date - 28));
    insert into release.frozen_group
        (org_id, epoch, team_id, people, weeks, least_active, version, roster_hash)
      values ('$org', release.epoch_of(current_date - 28), '$org', 7, 4, 5, 1, sha256('x'));
    insert into release.roster (org_id, epoch, person_id, team_id)
      values ('$org', release.epoch_of(current_date - 28), '$org', '$org');
    insert into release.roster_salt (org_id, team_id, version, salt)
      values ('$org', '$org', 1, sha256('x'));
    insert into release.narration values
      ('$org', 'anthropic', 'some-model', repeat('x', 40)::bytea, 'abcd', 1000);
    insert into release.tokens_taken values ('$org', current_date, 10);
    insert into release.note (org_id, team_id, week, writer, fingerprint)
      values ('$org', '$org', '2026-01-05', 'rules', sha256('x'));
    insert into release.note_sentence
      values ('$org', '$org', '2026-01-05', 1, 'prompts', 'Prompts stayed the same.');
    insert into audit.entry (entry_uid, org_id, action, leaf)
      values ('$org', '$org', 'thing.done', '{}');
    insert into audit.leaf (org_id, idx, entry_id, leaf_hash)
      select org_id, 0, id, leaf_hash from audit.entry where entry_uid = '$org';
    insert into audit.node (org_id, level, idx, hash) values ('$org', 1, 0, sha256('x'));
    insert into audit.checkpoint (org_id, size, root, note, signed_at)
      values ('$org', 1, sha256('x'), repeat('x', 100), now());
    insert into audit.cosignature (org_id, size, witness, vkey, signed_at, note)
    values ('$org', 1, 'witness.example.com', 'witness.example.com+01234567+' || repeat('A', 44), now(),
      repeat('note', 40));
    insert into audit.blinding (org_id, salt) values ('$org', sha256('x'));
    insert into audit.private_part (org_id, entry_uid, name, salt, value)
      values ('$org', '$org', 'ip', sha256('x'), 'x');
    """
            .replace("$org", organization.toString())
        + rowsOf(organization, organization);
  }

  private static String rowsOfAColleague() {
    return """
    insert into identity.person (org_id, id, team_id, name, email, role)
      values ('%s', '%s', '%s', 'Colleague', 'colleague@example.com', 'engineer');
    """
            .formatted(OURS, COLLEAGUE, OURS)
        + rowsOf(OURS, COLLEAGUE);
  }

  private static String rowsOf(UUID organization, UUID person) {
    return """
    insert into release.person_week (org_id, person_id, week, metric, value)
      select '$org', '$person', date_trunc('week', now())::date - days, 'prompts', 1
        from unnest(array[0, 56]) days;
    insert into capture.event (org_id, person_id, occurred_on, received_at, kind,
        schema_version, event_id, occurred_at, observed_at, seq, tool, client_version, source,
        session_ref, is_subagent, redaction_dropped_fields, redaction_dropped_bytes,
        redaction_unknown_keys, reason, count)
      select '$org', '$person', (at at time zone 'UTC')::date, at, 'capture.gap', 1, id, at, at,
        1, 'other', '1.0', 'log', gen_random_uuid(), false, 0, 0, 0, 'parse_error', 1
        from (select id, uuid_extract_timestamp(id) as at
                from (select uuidv7(ago) as id
                        from unnest(array[interval '0', interval '-60 days']) ago) ids) times;
    """
        .replace("$org", organization.toString())
        .replace("$person", person.toString());
  }
}
