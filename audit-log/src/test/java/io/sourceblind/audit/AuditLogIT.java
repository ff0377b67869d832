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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class AuditLogIT {
  private static EmbeddedDatabase database;
  private static JdbcClient superuser;

  private final UUID ours = UUID.randomUUID();
  private final UUID theirs = UUID.randomUUID();
  private final AuditLog audit =
      new AuditLog(Clock.fixed(Instant.parse("2026-09-01T12:00:00.123456789Z"), ZoneOffset.UTC));

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    superuser = JdbcClient.create(database.superuser());
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyRoleMayAddAnEntryAndItIsKeptByteForByte(DatabaseRole role) {
    var receipt = append(database.as(role), ours);

    var leaf =
        superuser
            .sql("select leaf from audit.entry where entry_uid = :uid")
            .param("uid", receipt.uid())
            .query(byte[].class)
            .single();
    assertThat(new String(leaf, UTF_8))
        .isEqualTo(
            """
            {"action":"thing.done","actor":"%s","actor_kind":"job",\
            "at":"2026-09-01T12:00:00.123456Z","org":"%s","outcome":"done","target":"thing",\
            "uid":"%s","v":1}\
            """
                .formatted(Actor.job("test").id(), ours, receipt.uid()));
    assertThat(receipt.leafHash())
        .isEqualTo(
            HexFormat.of()
                .formatHex(
                    superuser
                        .sql("select leaf_hash from audit.entry where entry_uid = :uid")
                        .param("uid", receipt.uid())
                        .query(byte[].class)
                        .single()));
  }

  @Test
  void anEntryGoesWithItsTransaction() {
    var retention = database.as(DatabaseRole.RETENTION);

    assertThatThrownBy(() ->
            TenantScope.runAs(
                Tenant.of(ours),
                () ->
                    retention.inTransaction(jdbc -> {
                      audit.append(jdbc, entry(ours));
                      throw new IllegalStateException("The act itself fails");
                    })))
        .hasMessage("The act itself fails");

    assertThat(entries()).isZero();
  }

  @Test
  void anEntryOfAnotherOrganizationIsRefused() {
    var retention = database.as(DatabaseRole.RETENTION);

    assertThatThrownBy(() -> appendAs(retention, theirs, ours))
        .hasStackTraceContaining("row-level security");

    assertThat(entries()).isZero();
  }

  @Test
  void aRoleDoesNotSeeTheEntriesOfAnotherOrganization() {
    var reviewer = database.as(DatabaseRole.REVIEWER_API);
    append(reviewer, ours);
    append(reviewer, theirs);

    var seen =
        TenantScope.callAs(
            Tenant.of(ours),
            () ->
                reviewer.inTransaction(
                    jdbc -> jdbc.sql("select org_id from audit.entry").query(UUID.class).list()));

    assertThat(seen).containsExactly(ours);
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
        .sql("select count(*) from audit.entry where org_id in (:ours, :theirs)")
        .param("ours", ours)
        .param("theirs", theirs)
        .query(Long.class)
        .single();
  }

  private static AuditEntry entry(UUID organization) {
    return new AuditEntry(
        organization, Actor.job("test"), "thing.done", "thing", Outcome.DONE, Map.of());
  }
}
