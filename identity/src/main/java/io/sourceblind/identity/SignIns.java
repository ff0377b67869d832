// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Throttle.Bucket;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// In by a mail address: with its password, or with a code that is mailed to it.
///
/// Whether an address is somebody's changes neither an answer nor the work that is done for it.
public final class SignIns {
  /// The organization of addresses that are nobody's, in the log.
  private static final UUID NOBODY = new UUID(0, 0);

  private static final Duration CODE_IS_GOOD_FOR = Duration.ofMinutes(10);
  private static final int CODE_DIGITS = 8;
  private static final int SPARE_PASSWORDS = 10;
  private static final int SPARE_CODES = 5;
  private static final int SPARE_OF_A_NETWORK = 300;
  private static final Actor SIGN_IN = Actor.job("sign-in");

  private final TenantDatabase database;
  private final Pepper pepper;
  private final Passwords passwords;
  private final Post post;
  private final AuditLog audit;
  private final Clock clock;
  private final Throttle throttle;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`
  public SignIns(
      TenantDatabase database,
      Pepper pepper,
      Passwords passwords,
      Post post,
      AuditLog audit,
      Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.passwords = passwords;
    this.post = post;
    this.audit = audit;
    this.clock = clock;
    this.throttle = new Throttle(database, pepper, clock);
  }

  /// How an attempt to come in ended.
  public sealed interface Entry {

    /// They are who they say.
    ///
    /// @param browser the mark for the browser, so that strangers' guesses do not slow it down
    record In(UUID organization, UUID person, String browser) implements Entry {}

    /// They are who they say, and their organization lets them in by its own provider alone.
    record Elsewhere(UUID person) implements Entry {}

    /// They are not, or nobody is.
    record Refused() implements Entry {}

    /// There were too many tries; nothing was looked at.
    record Wait(Duration left) implements Entry {}
  }

  /// Tries a password.
  public Entry withPassword(String typed, String password, Caller caller) {
    var address = address(typed);
    var network = ofNetwork("sign-in", caller);
    var account = ofAccount("password", address, caller, SPARE_PASSWORDS);
    var wait = begin(network, account);
    if (wait.isPositive()) {
      return new Entry.Wait(wait);
    }
    var found = find(address);
    var right = passwords.isRight(password, found == null ? null : found.password());
    if (found == null || !right) {
      refused(found == null ? null : found.owner(), "password", caller);
      return new Entry.Refused();
    }
    return in(found.owner(), address, network, account);
  }

  /// Mails a code to the address, if it is somebody's. The answer is the same if it is nobody's.
  ///
  /// @return what the code will be entered for, or null while there were too many
  public @Nullable UUID mailCode(String typed, Caller caller) {
    var address = address(typed);
    if (begin(ofNetwork("sign-in", caller), ofAccount("mail", address, caller, SPARE_CODES))
        .isPositive()) {
      return null;
    }
    var id = UUID.randomUUID();
    var code = code();
    var now = clock.instant();
    var kept =
        database.withoutTenant(jdbc ->
            jdbc.sql("select * from identity.keep_code(:id, :address, :hash, :now, :until)")
                .param("id", id)
                .param("address", address)
                .param("hash", hash(id, code))
                .param("now", now.atOffset(UTC))
                .param("until", now.plus(CODE_IS_GOOD_FOR).atOffset(UTC))
                .query(Kept.class)
                .single());
    record(
        kept.owner(), SIGN_IN, "sign_in.code_asked_for", Outcome.DONE, Map.of(), caller.address());
    if (kept.personId() != null) {
      post.send(
          new Letter(
              address,
              "Your sign-in code",
              """
              Your code for Sourceblind is

                  %s %s

              It is good for ten minutes, in the browser in which you asked for it. If you did not
              ask for it, somebody typed your address; they cannot come in without this code.
              """
                  .formatted(code.substring(0, 4), code.substring(4))));
    }
    return id;
  }

  /// Tries a code that was mailed. It has five tries.
  public Entry withCode(UUID askedFor, String typed, String typedAddress, Caller caller) {
    var address = address(typedAddress);
    var network = ofNetwork("sign-in", caller);
    var account = ofAccount("code", address, caller, SPARE_CODES * SPARE_CODES);
    var wait = begin(network, account);
    if (wait.isPositive()) {
      return new Entry.Wait(wait);
    }
    var code = typed.replaceAll("[^0-9]", "");
    var owner =
        database.withoutTenant(jdbc ->
            jdbc.sql("select * from identity.enter_code(:id, :hash, :now)")
                .param("id", askedFor)
                .param("hash", hash(askedFor, code))
                .param("now", clock.instant().atOffset(UTC))
                .query(Kept.class)
                .optional()
                .map(Kept::owner)
                .orElse(null));
    var found = find(address);
    // A code is for the address it was sent to, whatever a form says later.
    if (owner == null || found == null || !owner.equals(found.owner())) {
      refused(found == null ? null : found.owner(), "code", caller);
      return new Entry.Refused();
    }
    claim(owner, address);
    return in(owner, address, network, account);
  }

  /// Gives somebody a password, and ends their other sessions.
  ///
  /// @return what is wrong with it, or nothing when it is theirs now
  public Optional<String> changePassword(
      Principal owner, String password, Credentials credentials) {
    var known =
        TenantScope.callAs(
            owner.tenant(), () -> database.inTransaction(jdbc -> knownOf(jdbc, owner)));
    var fault = passwords.faultOf(password, List.of(known.name(), known.email()));
    if (fault != null) {
      return Optional.of(fault);
    }
    var hash = passwords.hash(password);
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var changed =
                  jdbc.sql(
                          """
                          update identity.sign_in set password = :hash
                           where org_id = :org and person_id = :person
                          """)
                      .param("hash", hash)
                      .param("org", owner.organization())
                      .param("person", owner.person())
                      .update();
              if (changed == 0) {
                return Optional.of(
                    "First sign in once with a code that is mailed to you: it shows that the"
                        + " address is yours.");
              }
              audit.append(
                  jdbc,
                  new AuditEntry(
                      owner.organization(),
                      Actor.person(owner.person()),
                      "password.changed",
                      owner.person().toString(),
                      Outcome.DONE,
                      Map.of()));
              credentials.endSessions(jdbc, owner, owner.credential());
              return Optional.empty();
            }));
  }

  /// The mark of the browser, if its owner is who is in; empty for one that nobody knows.
  public String browserOf(Principal owner, Caller caller) {
    var browser = caller.browser();
    return browser != null && isOurs(browser, address(addressOf(owner))) ? browser : "";
  }

  /// The address of somebody who is in.
  public String addressOf(Principal owner) {
    return TenantScope.callAs(
        owner.tenant(), () -> database.inTransaction(jdbc -> knownOf(jdbc, owner).email()));
  }

  /// Writes down that somebody may sign in with the address from now on, in a transaction of their
  /// organization.
  ///
  /// @throws DuplicateKeyException if it signs in somewhere else
  static void claim(
      JdbcClient jdbc, UUID organization, UUID person, String email, @Nullable String password) {
    jdbc.sql(
            """
            insert into identity.sign_in (org_id, person_id, email, password)
            values (:org, :person, :email, :password)
            """)
        .param("org", organization)
        .param("person", person)
        .param("email", email.toLowerCase(Locale.ROOT))
        .param("password", password)
        .update();
  }

  private void claim(Owner owner, String address) {
    TenantScope.runAs(
        Tenant.of(owner.organization()),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql(
                        """
                        insert into identity.sign_in (org_id, person_id, email)
                        values (:org, :person, :email)
                        on conflict (org_id, person_id) do nothing
                        """)
                    .param("org", owner.organization())
                    .param("person", owner.person())
                    .param("email", address)
                    .update()));
  }

  private Entry in(Owner owner, String address, Bucket network, Bucket account) {
    throttle.undo(network);
    throttle.forget(account);
    var elsewhere =
        TenantScope.callAs(
            Tenant.of(owner.organization()),
            () ->
                database.inTransaction(jdbc ->
                    SignOnSettings.isDemandedOf(jdbc, owner.organization(), owner.person())));
    if (elsewhere) {
      return new Entry.Elsewhere(owner.person());
    }
    return new Entry.In(owner.organization(), owner.person(), mark(address));
  }

  private Duration begin(Bucket network, Bucket account) {
    var ofAccount = throttle.begin(account);
    return ofAccount.isPositive() ? ofAccount : throttle.begin(network);
  }

  private @Nullable Found find(String address) {
    return database.withoutTenant(jdbc ->
        jdbc.sql("select * from identity.find_sign_in(:address)")
            .param("address", address)
            .query(Found.class)
            .optional()
            .orElse(null));
  }

  private void refused(@Nullable Owner owner, String with, Caller caller) {
    record(
        owner == null ? new Owner(NOBODY, NOBODY) : owner,
        SIGN_IN,
        "sign_in.refused",
        Outcome.DENIED,
        Map.of("with", with),
        caller.address());
  }

  private void record(
      Owner owner,
      Actor by,
      String action,
      Outcome outcome,
      Map<String, Object> details,
      String address) {
    TenantScope.runAs(
        Tenant.of(owner.organization()),
        () ->
            database.inTransaction(jdbc ->
                audit.append(
                    jdbc,
                    new AuditEntry(
                        owner.organization(),
                        by,
                        action,
                        owner.person().toString(),
                        outcome,
                        details),
                    Map.of("ip", address))));
  }

  private static Known knownOf(JdbcClient jdbc, Principal owner) {
    return jdbc.sql("select name, email from identity.person where org_id = :org and id = :person")
        .param("org", owner.organization())
        .param("person", owner.person())
        .query(Known.class)
        .single();
  }

  /// A stranger's guesses are counted apart from those in a browser that the owner has used.
  private Bucket ofAccount(String what, String address, Caller caller, int spare) {
    var browser = caller.browser();
    return browser != null && isOurs(browser, address)
        ? ofAddress(what + ":" + browser, address, spare)
        : ofAddress(what, address, spare);
  }

  private static Bucket ofAddress(String what, String address, int spare) {
    return new Bucket(what + ":" + address, spare);
  }

  private static Bucket ofNetwork(String what, Caller caller) {
    return new Bucket(what + "-from:" + caller.network(), SPARE_OF_A_NETWORK);
  }

  private String mark(String address) {
    var id = Secret.random("sbw_", random);
    return id + "." + seal(id, address);
  }

  private boolean isOurs(String mark, String address) {
    var dot = mark.indexOf('.');
    return dot > 0
        && MessageDigest.isEqual(
            seal(mark.substring(0, dot), address).getBytes(US_ASCII),
            mark.substring(dot + 1).getBytes(US_ASCII));
  }

  private String seal(String id, String address) {
    return HexFormat.of().formatHex(pepper.hash("browser:" + id + ":" + address));
  }

  private byte[] hash(UUID id, String code) {
    return pepper.hash("code:" + id + ":" + code);
  }

  private String code() {
    var digits = new StringBuilder();
    for (var i = 0; i < CODE_DIGITS; i++) {
      digits.append(random.nextInt(10));
    }
    return digits.toString();
  }

  /// In one spelling. What is no address is nobody's, and takes the same way as one that is.
  private static String address(String typed) {
    var address = typed.strip().toLowerCase(Locale.ROOT);
    return Letter.isAddress(address) ? address : "nobody@invalid";
  }

  private record Owner(UUID organization, UUID person) {}

  private record Known(String name, String email) {}

  private record Found(UUID orgId, UUID personId, @Nullable String password) {
    Owner owner() {
      return new Owner(orgId, personId);
    }
  }

  private record Kept(UUID orgId, @Nullable UUID personId) {
    Owner owner() {
      return new Owner(orgId, personId == null ? NOBODY : personId);
    }
  }
}
