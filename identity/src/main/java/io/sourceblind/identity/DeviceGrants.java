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
import io.sourceblind.identity.Throttle.Bucket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Signs a command line in (RFC 8628): it asks, somebody says yes in their browser, and it gets a
/// short device credential and a refresh token that works once.
public final class DeviceGrants {
  private static final String PREFIX = "sbg_";
  // Letters that make no words and look like no others: 20 of them, 34 bits in eight.
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
  private static final int CODE_LETTERS = 8;
  private static final Duration ASKED_FOR = Duration.ofMinutes(10);
  private static final Duration ACCESS = Duration.ofHours(1);
  private static final Duration REFRESH = Duration.ofDays(30);
  private static final int SECONDS_BETWEEN_POLLS = 5;
  private static final int SPARE_CODES = 10;
  private static final int SPARE_OF_A_NETWORK = 300;
  private static final String LABEL = "capture";

  private final TenantDatabase database;
  private final Pepper pepper;
  private final Credentials credentials;
  private final AuditLog audit;
  private final Clock clock;
  private final Throttle throttle;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`
  public DeviceGrants(
      TenantDatabase database,
      Pepper pepper,
      Credentials credentials,
      AuditLog audit,
      Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.credentials = credentials;
    this.audit = audit;
    this.clock = clock;
    this.throttle = new Throttle(database, pepper, clock);
  }

  /// What a command line shows and keeps while it waits.
  public record Asked(String deviceCode, String userCode, Duration validFor, int interval) {

    /// Without its codes.
    @Override
    public String toString() {
      return "Asked[]";
    }
  }

  /// What a command line gets.
  public sealed interface Answer {

    /// Its credentials.
    record Tokens(Minted access, Minted refresh, Duration validFor) implements Answer {}

    /// Nothing.
    ///
    /// @param error as RFC 6749, 5.2 and RFC 8628, 3.5 call it
    record Refused(String error) implements Answer {}
  }

  /// Begins: somebody at a command line wants in.
  ///
  /// @return null while the network has asked too often
  public @Nullable Asked ask(Caller caller) {
    if (throttle
        .begin(new Bucket("device-from:" + caller.network(), SPARE_OF_A_NETWORK))
        .isPositive()) {
      return null;
    }
    var device = Secret.random(PREFIX, random);
    var code = userCode();
    var now = clock.instant();
    database.withoutTenant(jdbc ->
        jdbc.sql("select identity.ask_for_device(:id, :device, :code, :now, :until)::text")
            .param("id", UUID.randomUUID())
            .param("device", pepper.hash(device))
            .param("code", hashOf(code))
            .param("now", now.atOffset(UTC))
            .param("until", now.plus(ASKED_FOR).atOffset(UTC))
            .query(String.class)
            .list());
    return new Asked(
        device,
        code.substring(0, CODE_LETTERS / 2) + "-" + code.substring(CODE_LETTERS / 2),
        ASKED_FOR,
        SECONDS_BETWEEN_POLLS);
  }

  /// What somebody learns who has typed a code into their browser.
  public sealed interface Typed {

    /// It is one; now they are asked whether they mean it.
    record Known() implements Typed {}

    /// There is none like it, or not any more.
    record Unknown() implements Typed {}

    /// They have tried too many.
    record Wait(Duration left) implements Typed {}
  }

  /// Looks whether there is such a code; each try is counted for whoever is signed in.
  public Typed look(Principal who, String typed) {
    var bucket = new Bucket("user-code:" + who.person(), SPARE_CODES);
    var wait = throttle.begin(bucket);
    if (wait.isPositive()) {
      return new Typed.Wait(wait);
    }
    var known =
        database.withoutTenant(jdbc ->
            jdbc.sql("select identity.device_is_asked_for(:code, :now)")
                .param("code", hashOf(typed))
                .param("now", clock.instant().atOffset(UTC))
                .query(Boolean.class)
                .single());
    if (!known) {
      return new Typed.Unknown();
    }
    throttle.undo(bucket);
    return new Typed.Known();
  }

  /// Says yes or no to the machine that shows the code.
  public Typed decide(Principal who, String typed, boolean yes) {
    var bucket = new Bucket("user-code:" + who.person(), SPARE_CODES);
    var wait = throttle.begin(bucket);
    if (wait.isPositive()) {
      return new Typed.Wait(wait);
    }
    var decided =
        TenantScope.callAs(
            who.tenant(),
            () ->
                database.inTransaction(jdbc -> {
                  var grant =
                      jdbc
                          .sql("select identity.decide_on_device(:code, :yes, :now)")
                          .param("code", hashOf(typed))
                          .param("yes", yes)
                          .param("now", clock.instant().atOffset(UTC))
                          .query(UUID.class)
                          .list()
                          .stream()
                          .filter(Objects::nonNull)
                          .findFirst();
                  grant.ifPresent(id ->
                      record(
                          jdbc,
                          who.organization(),
                          Actor.person(who.person()),
                          yes ? "device.approved" : "device.denied",
                          id));
                  return grant.isPresent();
                }));
    if (!decided) {
      return new Typed.Unknown();
    }
    throttle.undo(bucket);
    return new Typed.Known();
  }

  /// Answers a command line that asks whether somebody has said yes.
  public Answer poll(String deviceCode) {
    if (!Secret.hasTheForm(deviceCode, PREFIX)) {
      return new Answer.Refused("invalid_grant");
    }
    var polled =
        database.withoutTenant(jdbc ->
            jdbc.sql("select * from identity.poll_device(:device, :now)")
                .param("device", pepper.hash(deviceCode))
                .param("now", clock.instant().atOffset(UTC))
                .query(Polled.class)
                .optional()
                .orElse(null));
    if (polled == null) {
      return new Answer.Refused("invalid_grant");
    }
    if (!polled.answer().equals("approved")) {
      return new Answer.Refused(polled.answer());
    }
    var holder =
        new Credentials.Holder(
            Objects.requireNonNull(polled.orgId()),
            Objects.requireNonNull(polled.personId()),
            polled.grantId());
    return TenantScope.callAs(
        Tenant.of(holder.organization()),
        () -> database.inTransaction(jdbc -> tokens(jdbc, holder)));
  }

  /// Exchanges a refresh token for new ones. It works once: a second time means that two have it,
  /// and then neither keeps anything.
  public Answer refresh(String presented) {
    if (!Secret.hasTheForm(presented, CredentialKind.REFRESH)) {
      return new Answer.Refused("invalid_grant");
    }
    var hash = pepper.hash(presented);
    var found =
        database.withoutTenant(jdbc ->
            jdbc.sql("select * from identity.family_of(:hash)")
                .param("hash", hash)
                .query(Family.class)
                .optional()
                .orElse(null));
    if (found == null) {
      return new Answer.Refused("invalid_grant");
    }
    return TenantScope.callAs(
        Tenant.of(found.orgId()),
        () ->
            database.inTransaction(jdbc -> {
              var good = credentials.open(jdbc, presented, CredentialKind.REFRESH);
              if (good == null || !spend(jdbc, found, hash)) {
                end(jdbc, found);
                return new Answer.Refused("invalid_grant");
              }
              return tokens(
                  jdbc, new Credentials.Holder(found.orgId(), found.personId(), found.family()));
            }));
  }

  private Answer tokens(JdbcClient jdbc, Credentials.Holder holder) {
    var by = Actor.device(Objects.requireNonNull(holder.family()));
    return new Answer.Tokens(
        credentials.mint(jdbc, holder, CredentialKind.DEVICE, LABEL, ACCESS, by),
        credentials.mint(jdbc, holder, CredentialKind.REFRESH, LABEL, REFRESH, by),
        ACCESS);
  }

  private boolean spend(JdbcClient jdbc, Family family, byte[] hash) {
    // Of two who bring it at once, the second waits here and then finds it spent. What it got its
    // owner last time ends with it.
    var spent =
        jdbc.sql(
                """
                update identity.credential set revoked_at = :now
                 where org_id = :org and hash = :hash and revoked_at is null
                """)
            .param("now", clock.instant().atOffset(UTC))
            .param("org", family.orgId())
            .param("hash", hash)
            .update();
    if (spent == 0) {
      return false;
    }
    revoke(jdbc, family);
    return true;
  }

  private void end(JdbcClient jdbc, Family family) {
    if (revoke(jdbc, family) > 0) {
      record(
          jdbc,
          family.orgId(),
          Actor.device(family.family()),
          "device.token_reused",
          family.family());
    }
  }

  private int revoke(JdbcClient jdbc, Family family) {
    return jdbc.sql(
            """
            update identity.credential set revoked_at = :now
             where org_id = :org and family = :family and revoked_at is null
            """)
        .param("now", clock.instant().atOffset(UTC))
        .param("org", family.orgId())
        .param("family", family.family())
        .update();
  }

  private void record(JdbcClient jdbc, UUID organization, Actor by, String action, UUID target) {
    audit.append(
        jdbc, new AuditEntry(organization, by, action, target.toString(), Outcome.DONE, Map.of()));
  }

  private String userCode() {
    var code = new StringBuilder();
    for (var i = 0; i < CODE_LETTERS; i++) {
      code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  private byte[] hashOf(String userCode) {
    return pepper.hash("user-code:" + userCode.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", ""));
  }

  private record Polled(
      String answer, UUID grantId, @Nullable UUID orgId, @Nullable UUID personId) {}

  private record Family(UUID orgId, UUID personId, UUID family) {}
}
