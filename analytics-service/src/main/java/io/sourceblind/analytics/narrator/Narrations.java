// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.narrator.Providers.Choice;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Who writes an organization's notes. Its key goes in and never comes out again here.
@Component
class Narrations {
  private final TenantDatabase database;
  private final AuditLog audit;
  private final Providers providers;

  Narrations(DataSource pages, AuditLog audit, Providers providers) {
    this.database = TenantDatabase.open(pages, DatabaseRole.IDENTITY_API);
    this.audit = audit;
    this.providers = providers;
  }

  /// What is set, but for the key.
  record Narration(String writer, String model, String lastFour, int dailyTokens) {
    public String choice() {
      return new Choice(Writer.of(writer), model).value();
    }
  }

  Optional<Narration> of(Principal principal) {
    return TenantScope.callAs(
        principal.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql(
                        """
                        select writer, model, last_four, daily_tokens from release.narration
                         where org_id = :org
                        """)
                    .param("org", principal.organization())
                    .query(DataClassRowMapper.newInstance(Narration.class))
                    .optional()));
  }

  /// Lets a model write from the next release on.
  void hire(Principal by, Choice choice, String key, int dailyTokens) {
    change(
        by,
        Map.of(
            "writer", choice.writer().sqlName(),
            "model", choice.model(),
            "daily_tokens", dailyTokens),
        jdbc -> {
          // Not an update: it would need the right to read the key that was there.
          forget(jdbc, by);
          jdbc.sql(
                  """
                  insert into release.narration
                    (org_id, writer, model, sealed_key, last_four, daily_tokens)
                  values (:org, :writer, :model, :key, :last, :tokens)
                  """)
              .param("org", by.organization())
              .param("writer", choice.writer().sqlName())
              .param("model", choice.model())
              .param("key", providers.seal(key, by.organization()))
              .param("last", key.substring(key.length() - 4))
              .param("tokens", dailyTokens)
              .update();
        });
  }

  /// Lets the rules write again, and forgets the key.
  void dismiss(Principal by) {
    change(by, Map.of("writer", Writer.RULES.sqlName()), jdbc -> forget(jdbc, by));
  }

  private static void forget(JdbcClient jdbc, Principal by) {
    jdbc.sql("delete from release.narration where org_id = :org")
        .param("org", by.organization())
        .update();
  }

  private void change(Principal by, Map<String, Object> details, Consumer<JdbcClient> work) {
    TenantScope.callAs(
        by.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              work.accept(jdbc);
              return audit.append(
                  jdbc,
                  new AuditEntry(
                      by.organization(),
                      Actor.person(by.person()),
                      "notes.changed",
                      "notes",
                      Outcome.DONE,
                      details));
            }));
  }
}
