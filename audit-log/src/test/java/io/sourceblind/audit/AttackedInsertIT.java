// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What somebody who may change the table, but not this code, could do to an insert. Every test has
/// a database of its own.
class AttackedInsertIT {
  private static final UUID OURS = UUID.randomUUID();
  private static final UUID THEIRS = UUID.randomUUID();

  private static final String SWALLOW =
      """
      create function public.swallow() returns trigger language plpgsql as
        $$ begin return null; end $$;
      create trigger swallow before insert on audit.entry
        for each row execute function public.swallow()
      """;

  private static final String IGNORE =
      "create rule ignore as on insert to audit.entry do instead nothing";
  private static final String ALTER =
      """
      create function public.alter_leaf() returns trigger language plpgsql as
        $$ begin new.leaf = convert_to('{"v":1}', 'UTF8'); return new; end $$;
      create trigger alter_leaf before insert on audit.entry
        for each row execute function public.alter_leaf()
      """;
  private static final String RENAME =
      """
      create function public.rename() returns trigger language plpgsql as
        $$ begin new.entry_uid = gen_random_uuid(); return new; end $$;
      create trigger rename before insert on audit.entry
        for each row execute function public.rename()
      """;

  private final AuditLog audit = new AuditLog(Clock.systemUTC());
  private EmbeddedDatabase database;
  private JdbcClient superuser;

  @BeforeEach
  void start() {
    database = EmbeddedDatabase.fresh();
    superuser = JdbcClient.create(database.superuser());
  }

  @AfterEach
  void stop() {
    database.close();
  }

  @Test
  void theTwinWithoutThePolicyTakesAnEntryOfAnotherOrganization() {
    var retention = database.as(DatabaseRole.RETENTION);
    change("alter policy own_organization_writes on audit.entry with check (true)");
    change("alter policy own_organization_reads on audit.entry using (true)");

    appendAs(retention, THEIRS, OURS);

    assertThat(entries()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {SWALLOW, ALTER, RENAME})
  void anEntryThatTheDatabaseDoesNotKeepAsItIsStopsTheAct(String attack) {
    var retention = database.as(DatabaseRole.RETENTION);
    change(attack);

    assertThatThrownBy(() -> append(retention, OURS))
        .isInstanceOf(EntryNotKept.class)
        .hasMessageContaining("look for triggers, rules and policies on audit.entry");

    assertThat(entries()).isZero();
  }

  @Test
  void aRuleThatTakesEntriesElsewhereStopsTheAct() {
    var retention = database.as(DatabaseRole.RETENTION);
    change(IGNORE);

    assertThatThrownBy(() -> append(retention, OURS))
        .hasStackTraceContaining("cannot perform INSERT RETURNING");
  }

  @ParameterizedTest
  @ValueSource(strings = {SWALLOW, ALTER, RENAME})
  void theTwinThatDoesNotAskBackNoticesNothing(String attack) {
    var retention = database.as(DatabaseRole.RETENTION);
    change(attack);

    TenantScope.runAs(
        Tenant.of(OURS),
        () ->
            retention.inTransaction(jdbc ->
                jdbc.sql(
                        """
                        insert into audit.entry (entry_uid, org_id, action, leaf)
                        values (gen_random_uuid(), :org, 'thing.done', :leaf)
                        """)
                    .param("org", OURS)
                    .param("leaf", "{\"v\":1,\"true\":1}".getBytes(UTF_8))
                    .update()));

    assertThat(
            superuser
                .sql(
                    "select count(*) from audit.entry where leaf = :leaf and entry_uid is not null")
                .param("leaf", "{\"v\":1,\"true\":1}".getBytes(UTF_8))
                .query(Long.class)
                .single())
        .isEqualTo(attack.equals(RENAME) ? 1 : 0);
  }

  @Test
  void anEntryIsOnDiskWhenItsTransactionHasCommitted() {
    superuser
        .sql(
            "alter database %s set synchronous_commit = off"
                .formatted(superuser.sql("select current_database()").query(String.class).single()))
        .update();
    var retention = database.as(DatabaseRole.RETENTION);

    var commits =
        TenantScope.callAs(
            Tenant.of(OURS),
            () ->
                retention.inTransaction(jdbc -> {
                  var before = commit(jdbc);
                  audit.append(jdbc, entry(OURS));
                  return before + " then " + commit(jdbc);
                }));

    assertThat(commits).isEqualTo("off then on");
  }

  private void change(String ddl) {
    superuser.sql("set sourceblind.amendment = 'An attack in a test'; " + ddl).update();
  }

  private Receipt append(TenantDatabase as, UUID organization) {
    return appendAs(as, organization, organization);
  }

  private Receipt appendAs(TenantDatabase as, UUID organization, UUID tenant) {
    return TenantScope.callAs(
        Tenant.of(tenant), () -> as.inTransaction(jdbc -> audit.append(jdbc, entry(organization))));
  }

  private long entries() {
    return superuser
        .sql("select count(*) from audit.entry where action <> 'schema.amended'")
        .query(Long.class)
        .single();
  }

  private static String commit(JdbcClient jdbc) {
    return jdbc.sql("show synchronous_commit").query(String.class).single();
  }

  private static AuditEntry entry(UUID organization) {
    return new AuditEntry(
        organization, Actor.job("test"), "thing.done", "thing", Outcome.DONE, Map.of());
  }
}
