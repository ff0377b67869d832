// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.net.IDN;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The mail domains of an organization. That one is its own it shows by a record that only the
/// domain's owner can publish.
public final class Domains {
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int LONGEST = 185;
  private static final int BYTES_OF_A_MARK = 20;
  private static final int MOST = 50;
  private static final Actor LOOKS_AGAIN = Actor.job("domains");

  private final TenantDatabase database;
  private final Pepper pepper;
  private final TextRecords records;
  private final AuditLog audit;
  private final Clock clock;

  /// @param database as `identity_api`
  public Domains(
      TenantDatabase database, Pepper pepper, TextRecords records, AuditLog audit, Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.records = records;
    this.audit = audit;
    this.clock = clock;
  }

  /// A domain that an organization says is its own.
  ///
  /// @param verified when it showed that; null for not yet
  /// @param lost since when the record is seen no more; null while it is there
  /// @param record the name of the record that shows it
  /// @param text what that record says
  public record Domain(
      String name,
      @Nullable Instant verified,
      @Nullable Instant lost,
      String record,
      String text) {}

  /// All of an organization, with what each has to publish.
  public List<Domain> of(Principal manager) {
    return TenantScope.callAs(
        manager.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc
                    .sql(
                        """
                        select domain, verified_at, lost_at from identity.domain
                         where org_id = :org order by domain
                        """)
                    .param("org", manager.organization())
                    .query(DataClassRowMapper.newInstance(Row.class))
                    .stream()
                    .map(row ->
                        new Domain(
                            row.domain(),
                            row.verifiedAt(),
                            row.lostAt(),
                            recordOf(row.domain()),
                            textFor(pepper.hash(mark(manager.organization(), row.domain())))))
                    .toList()));
  }

  /// Says that a domain is the organization's; nothing comes of it until that is shown.
  ///
  /// @return what is wrong, or nothing
  public Optional<String> claim(Principal manager, String typed) {
    var name = nameOf(typed);
    if (name == null) {
      return Optional.of("A mail domain is the part of an address after the @.");
    }
    return TenantScope.callAs(
        manager.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var claimed =
                  jdbc.sql(
                          """
                          insert into identity.domain (org_id, domain, claimed_at)
                          select :org, :domain, :now
                           where (select count(*) from identity.domain where org_id = :org) < :most
                          on conflict do nothing
                          """)
                      .param("org", manager.organization())
                      .param("domain", name)
                      .param("now", clock.instant().atOffset(UTC))
                      .param("most", MOST)
                      .update();
              if (claimed == 0) {
                return Optional.of(
                    "The domain is in the list already, or the list has %d domains."
                        .formatted(MOST));
              }
              record(jdbc, manager, "domain.claimed", name);
              return Optional.<String>empty();
            }));
  }

  /// Looks whether a claimed domain publishes what shows that it is the organization's.
  ///
  /// @return what is wrong, or nothing when it is shown
  public Optional<String> verify(Principal manager, String typed) {
    var name = nameOf(typed);
    if (name == null || of(manager).stream().noneMatch(domain -> domain.name().equals(name))) {
      return Optional.of("This domain is not in the list.");
    }
    boolean shown;
    try {
      shown = isShown(manager.organization(), name);
    } catch (TextRecords.NotAnswered unanswered) {
      return Optional.of(unanswered.getMessage() + ".");
    }
    if (!shown) {
      return Optional.of(
          "The record is not there yet. Name servers may take an hour to tell of a new one.");
    }
    try {
      TenantScope.runAs(
          manager.tenant(),
          () ->
              database.inTransaction(jdbc -> {
                jdbc.sql(
                        """
                        update identity.domain
                           set verified_at = coalesce(verified_at, :now), lost_at = null
                         where org_id = :org and domain = :domain
                        """)
                    .param("now", clock.instant().atOffset(UTC))
                    .param("org", manager.organization())
                    .param("domain", name)
                    .update();
                record(jdbc, manager, "domain.verified", name);
                return true;
              }));
    } catch (DuplicateKeyException _) {
      return Optional.of(
          "Another organization here has shown that this domain is its own, and has to remove it"
              + " first.");
    }
    return Optional.empty();
  }

  /// Looks whether what showed an organization's domains is still there. That it is gone is said
  /// and written down, once; nobody is kept out by it, for a record is soon lost by mistake.
  public void lookAgain(UUID organization) {
    var shown =
        TenantScope.callAs(
            Tenant.of(organization),
            () ->
                database.inTransaction(jdbc ->
                    jdbc.sql(
                            """
                            select domain, verified_at, lost_at from identity.domain
                             where org_id = :org and verified_at is not null order by domain
                            """)
                        .param("org", organization)
                        .query(DataClassRowMapper.newInstance(Row.class))
                        .list()));
    for (var domain : shown) {
      boolean there;
      try {
        there = isShown(organization, domain.domain());
      } catch (TextRecords.NotAnswered _) {
        // Nothing is known of it today.
        continue;
      }
      if (there != (domain.lostAt() == null)) {
        note(organization, domain.domain(), there);
      }
    }
  }

  private void note(UUID organization, String domain, boolean there) {
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              var noted =
                  jdbc.sql(
                          """
                          update identity.domain
                             set lost_at = case when :there then null else :now::timestamptz end
                           where org_id = :org and domain = :domain and verified_at is not null
                             and (lost_at is null) <> :there
                          """)
                      .param("there", there)
                      .param("now", clock.instant().atOffset(UTC))
                      .param("org", organization)
                      .param("domain", domain)
                      .update();
              if (noted > 0) {
                audit.append(
                    jdbc,
                    new AuditEntry(
                        organization,
                        LOOKS_AGAIN,
                        there ? "domain.found" : "domain.lost",
                        organization.toString(),
                        Outcome.DONE,
                        Map.of("domain", domain)));
              }
              return noted;
            }));
  }

  private boolean isShown(UUID organization, String name) {
    var published = records.of(recordOf(name));
    return pepper.hashes(mark(organization, name)).stream()
        .anyMatch(hash -> published.contains(textFor(hash)));
  }

  /// Takes a domain off the list.
  public void remove(Principal manager, String typed) {
    var name = nameOf(typed);
    if (name == null) {
      return;
    }
    TenantScope.runAs(
        manager.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var removed =
                  jdbc.sql("delete from identity.domain where org_id = :org and domain = :domain")
                      .param("org", manager.organization())
                      .param("domain", name)
                      .update();
              if (removed > 0) {
                record(jdbc, manager, "domain.removed", name);
              }
              return removed;
            }));
  }

  /// The domain of an address, or the domain itself; null if it is none.
  static @Nullable String nameOf(String typed) {
    String name;
    try {
      name =
          IDN.toASCII(
              typed.strip().substring(typed.strip().lastIndexOf('@') + 1).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      return null;
    }
    return name.length() <= LONGEST && NAME.matcher(name).matches() ? name : null;
  }

  private static String recordOf(String domain) {
    return "_sourceblind." + domain;
  }

  /// It is the same on each showing, and of no use to another organization.
  private static String mark(UUID organization, String domain) {
    return "domain:" + organization + ":" + domain;
  }

  private static String textFor(byte[] hash) {
    return "sourceblind=" + HexFormat.of().formatHex(hash, 0, BYTES_OF_A_MARK);
  }

  private void record(JdbcClient jdbc, Principal manager, String action, String name) {
    audit.append(
        jdbc,
        new AuditEntry(
            manager.organization(),
            Actor.person(manager.person()),
            action,
            manager.organization().toString(),
            Outcome.DONE,
            Map.of("domain", name)));
  }

  private record Row(String domain, @Nullable Instant verifiedAt, @Nullable Instant lostAt) {}
}
