// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Throttle.Bucket;
import java.net.URLEncoder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The second thing that somebody shows: a code of an authenticator app on a machine of theirs.
public final class SecondFactors {
  private static final int SPARE_CODES = 5;

  private final TenantDatabase database;
  private final Seal seal;
  private final AuditLog audit;
  private final Clock clock;
  private final Throttle throttle;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`
  public SecondFactors(TenantDatabase database, Pepper pepper, AuditLog audit, Clock clock) {
    this.database = database;
    this.seal = new Seal(pepper);
    this.audit = audit;
    this.clock = clock;
    this.throttle = new Throttle(database, pepper, clock);
  }

  /// What an authenticator app is given.
  ///
  /// @param key to be typed
  /// @param address to be read from a picture
  public record Key(String key, String address) {

    /// Without the key.
    @Override
    public String toString() {
      return "Key[]";
    }
  }

  /// How trying a code ended.
  public sealed interface Tried {

    /// It was right, and the session is whole now.
    record Right() implements Tried {}

    /// It was not, or has been used.
    record Wrong() implements Tried {}

    /// There were too many.
    record Wait(Duration left) implements Tried {}
  }

  /// Whether they have one.
  public boolean isEnrolled(Principal owner) {
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> find(jdbc, owner).filter(Found::confirmed).isPresent()));
  }

  /// Who of an organization has one.
  public Set<UUID> enrolled(Principal of) {
    return TenantScope.callAs(
        of.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc
                    .sql(
                        """
                        select person_id from identity.totp
                         where org_id = :org and confirmed_at is not null
                        """)
                    .param("org", of.organization())
                    .query(UUID.class)
                    .stream()
                    .map(Objects::requireNonNull)
                    .collect(toUnmodifiableSet())));
  }

  /// Makes a key that counts once a code of it was shown.
  ///
  /// @return nothing for somebody who has one that counts already
  public Optional<Key> begin(Principal owner) {
    var secret = new byte[Totp.SECRET_BYTES];
    random.nextBytes(secret);
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var kept =
                  jdbc.sql(
                          """
                          insert into identity.totp (org_id, person_id, sealed)
                          values (:org, :person, :sealed)
                          on conflict (org_id, person_id) do update
                             set sealed = excluded.sealed, last_step = 0
                           where totp.confirmed_at is null
                          """)
                      .param("org", owner.organization())
                      .param("person", owner.person())
                      .param("sealed", seal.seal(secret, placeOf(owner)))
                      .update();
              if (kept == 0) {
                return Optional.<Key>empty();
              }
              var email =
                  jdbc.sql("select email from identity.person where org_id = :org and id = :id")
                      .param("org", owner.organization())
                      .param("id", owner.person())
                      .query(String.class)
                      .single();
              return Optional.of(key(secret, email));
            }));
  }

  /// Tries a code. The first one that is right makes the key count; each makes the session whole.
  ///
  /// @param browser the mark of a browser that its owner has signed in with, which is counted by
  ///   itself; empty for any other
  public Tried tryCode(Principal owner, String typed, String browser) {
    var bucket = new Bucket("totp:" + owner.person() + ":" + browser, SPARE_CODES);
    var wait = throttle.begin(bucket);
    if (wait.isPositive()) {
      return new Tried.Wait(wait);
    }
    var right =
        TenantScope.callAs(
            owner.tenant(),
            () -> database.inTransaction(jdbc -> use(jdbc, owner, typed.replaceAll("[^0-9]", ""))));
    if (!right) {
      return new Tried.Wrong();
    }
    throttle.forget(bucket);
    return new Tried.Right();
  }

  /// Takes a second factor away, from oneself or, for an owner, from somebody who has lost theirs.
  ///
  /// @return false if there is none like that
  public boolean remove(Principal by, UUID person) {
    return TenantScope.callAs(
        by.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var removed =
                  jdbc.sql("delete from identity.totp where org_id = :org and person_id = :person")
                      .param("org", by.organization())
                      .param("person", person)
                      .update();
              if (removed == 1) {
                record(jdbc, by, "second_factor.removed", person, Outcome.DONE);
              }
              return removed == 1;
            }));
  }

  private boolean use(JdbcClient jdbc, Principal owner, String code) {
    var found = find(jdbc, owner);
    var step =
        found
            // What is no code is not worth opening the key for.
            .filter(_ -> code.length() == Totp.DIGITS)
            .map(one -> Totp.stepOf(code, seal.open(one.sealed(), placeOf(owner)), clock.instant()))
            .orElse(OptionalLong.empty());
    var used =
        step.isPresent()
            && jdbc.sql(
                        """
                        update identity.totp
                           set last_step = :step, confirmed_at = coalesce(confirmed_at, :now)
                         where org_id = :org and person_id = :person and last_step < :step
                        """)
                    .param("step", step.getAsLong())
                    .param("now", clock.instant().atOffset(UTC))
                    .param("org", owner.organization())
                    .param("person", owner.person())
                    .update()
                == 1;
    if (!used) {
      record(jdbc, owner, "second_factor.refused", owner.person(), Outcome.DENIED);
      return false;
    }
    if (!found.orElseThrow().confirmed()) {
      record(jdbc, owner, "second_factor.added", owner.person(), Outcome.DONE);
    }
    jdbc.sql(
            """
            update identity.credential set proved_factors = 2, proved_at = now()
             where org_id = :org and id = :id and person_id = :person
            """)
        .param("org", owner.organization())
        .param("id", owner.credential())
        .param("person", owner.person())
        .update();
    record(jdbc, owner, "second_factor.shown", owner.credential(), Outcome.DONE);
    return true;
  }

  private Optional<Found> find(JdbcClient jdbc, Principal owner) {
    return jdbc.sql(
            """
            select sealed, confirmed_at is not null as confirmed
              from identity.totp
             where org_id = :org and person_id = :person
            """)
        .param("org", owner.organization())
        .param("person", owner.person())
        .query(Found.class)
        .optional();
  }

  private void record(JdbcClient jdbc, Principal by, String action, UUID target, Outcome outcome) {
    audit.append(
        jdbc,
        new AuditEntry(
            by.organization(),
            Actor.person(by.person()),
            action,
            target.toString(),
            outcome,
            Map.of()));
  }

  private static Key key(byte[] secret, String email) {
    var key = Totp.base32(secret);
    return new Key(
        key.replaceAll("(.{4})(?=.)", "$1 "),
        "otpauth://totp/Sourceblind:%s?secret=%s&issuer=Sourceblind"
            .formatted(URLEncoder.encode(email, UTF_8), key));
  }

  private static String placeOf(Principal owner) {
    return "totp|" + owner.organization() + "|" + owner.person();
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one try.
  private record Found(byte[] sealed, boolean confirmed) {}
}
