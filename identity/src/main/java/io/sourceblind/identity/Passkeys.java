// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import com.webauthn4j.verifier.exception.VerificationException;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Receipt;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Throttle.Bucket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Keys on machines of people's own (WebAuthn). Whoever unlocks one has the machine and knows its
/// code or shows their finger: that is two factors at once, and no site but ours gets a signature
/// that is good here.
public final class Passkeys {
  private static final Duration CHALLENGE_IS_GOOD_FOR = Duration.ofMinutes(10);
  private static final int NONCE = 24;
  private static final int SEALED = 32;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MOST_OF_A_PERSON = 20;
  private static final int SPARE_OF_A_NETWORK = 300;
  private static final int LONGEST = 16_384;
  private static final UUID NOBODY = new UUID(0, 0);
  private static final Actor SIGN_IN = Actor.job("sign-in");
  private static final List<PublicKeyCredentialParameters> ALGORITHMS =
      List.of(
          of(COSEAlgorithmIdentifier.ES256),
          of(COSEAlgorithmIdentifier.EdDSA),
          of(COSEAlgorithmIdentifier.RS256));

  private final TenantDatabase database;
  private final Pepper pepper;
  private final Credentials credentials;
  private final AuditLog audit;
  private final Clock clock;
  private final @Nullable URI origin;
  private final Throttle throttle;
  private final SecureRandom random = new SecureRandom();
  private final ObjectConverter objects = new ObjectConverter();
  // Which make a machine is of is not asked, so there is no attestation to trust or not.
  private final WebAuthnManager webauthn = WebAuthnManager.createNonStrictWebAuthnManager(objects);
  private final AttestedCredentialDataConverter attestations =
      new AttestedCredentialDataConverter(objects);

  /// @param database as `identity_api`
  /// @param origin where the pages are, such as `https://sourceblind.example.com`; null where
  ///   nobody is offered passkeys
  public Passkeys(
      TenantDatabase database,
      Pepper pepper,
      Credentials credentials,
      AuditLog audit,
      Clock clock,
      @Nullable URI origin) {
    this.database = database;
    this.pepper = pepper;
    this.credentials = credentials;
    this.audit = audit;
    this.clock = clock;
    this.origin = origin;
    this.throttle = new Throttle(database, pepper, clock);
  }

  /// What a challenge is for. One that was made for something else is good for nothing.
  public enum Purpose {
    ENROL,
    SIGN_IN,
    CONFIRM
  }

  /// What a browser is asked for, and by whom.
  ///
  /// @param known those that the person has already, in Base64
  public record Asked(String challenge, String host, List<String> known) {}

  /// A passkey of somebody's.
  public record Held(UUID id, String label, Instant since, @Nullable Instant lastUsed) {}

  /// How an attempt to come in ended.
  public sealed interface Entry {

    /// They are who the key says, and this is their session.
    record In(Minted session) implements Entry {}

    /// It is their key, and their organization lets them in by its own provider alone.
    record Elsewhere() implements Entry {}

    /// They are not.
    record Refused() implements Entry {}

    /// There were too many tries; nothing was looked at.
    record Wait(Duration left) implements Entry {}
  }

  /// Asks a browser for a signature.
  ///
  /// @param browser what only this browser has; the answer must come from it
  /// @return nothing where passkeys are not offered
  public Optional<Asked> ask(Purpose purpose, String browser) {
    return Optional.ofNullable(origin)
        .map(pages -> new Asked(challenge(purpose, browser), pages.getHost(), List.of()));
  }

  /// Asks somebody's browser for a new key.
  public Optional<Asked> askToEnrol(Principal owner) {
    return ask(Purpose.ENROL, session(owner))
        .map(asked ->
            new Asked(
                asked.challenge(),
                asked.host(),
                TenantScope.callAs(
                    owner.tenant(), () -> database.inTransaction(jdbc -> knownOf(jdbc, owner)))));
  }

  /// Asks somebody who is in for a signature.
  public Optional<Asked> askToConfirm(Principal owner) {
    return ask(Purpose.CONFIRM, session(owner));
  }

  /// Adds a key.
  ///
  /// @param answer what the browser said, as JSON
  /// @return what is wrong, or nothing when it is theirs now
  public Optional<String> enrol(Principal owner, String label, String answer) {
    var name = label.strip();
    var fault = faultOf(name);
    if (fault.isPresent()) {
      return fault;
    }
    Optional<String> refused = Optional.of("Your browser's answer does not fit. Please try again.");
    var data = registration(answer);
    if (data == null || data.getAttestationObject() == null) {
      return refused;
    }
    var challenge = use(Purpose.ENROL, session(owner), data.getCollectedClientData());
    if (challenge == null || !isGood(data, challenge)) {
      return refused;
    }
    var made = data.getAttestationObject().getAuthenticatorData();
    var attested = made.getAttestedCredentialData();
    if (attested == null) {
      return refused;
    }
    try {
      return TenantScope.callAs(
          owner.tenant(),
          () ->
              database.inTransaction(jdbc -> {
                if (knownOf(jdbc, owner).size() >= MOST_OF_A_PERSON) {
                  return Optional.of(
                      "You have %d passkeys; remove one first.".formatted(MOST_OF_A_PERSON));
                }
                var id = UUID.randomUUID();
                jdbc.sql(
                        """
                        insert into identity.passkey
                          (org_id, id, person_id, label, credential_id, attested, sign_count,
                           backup_eligible, created_at)
                        values (:org, :id, :person, :label, :credential, :attested, :count,
                                :backup, :now)
                        """)
                    .param("org", owner.organization())
                    .param("id", id)
                    .param("person", owner.person())
                    .param("label", name)
                    .param("credential", attested.getCredentialId())
                    .param("attested", attestations.convert(attested))
                    .param("count", made.getSignCount())
                    .param("backup", made.isFlagBE())
                    .param("now", clock.instant().atOffset(UTC))
                    .update();
                record(
                    jdbc,
                    owner.organization(),
                    Actor.person(owner.person()),
                    "passkey.added",
                    id,
                    Outcome.DONE);
                return Optional.empty();
              }));
    } catch (DuplicateKeyException _) {
      return Optional.of("This passkey is known already.");
    }
  }

  /// The keys of somebody, newest first.
  public List<Held> heldBy(Principal owner) {
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc
                    .sql(
                        """
                        select id, label, created_at, used_at from identity.passkey
                         where org_id = :org and person_id = :person
                         order by created_at desc, id
                        """)
                    .param("org", owner.organization())
                    .param("person", owner.person())
                    .query(DataClassRowMapper.newInstance(HeldRow.class))
                    .stream()
                    .map(HeldRow::held)
                    .toList()));
  }

  /// Calls a key of somebody's something else; another's stays as it is.
  ///
  /// @return what is wrong with the name, or nothing
  public Optional<String> rename(Principal owner, UUID passkey, String label) {
    var name = label.strip();
    var fault = faultOf(name);
    if (fault.isEmpty()) {
      change(
          owner,
          passkey,
          "passkey.renamed",
          jdbc ->
              jdbc.sql(
                      """
                      update identity.passkey set label = :label
                       where org_id = :org and person_id = :person and id = :id
                      """)
                  .param("label", name));
    }
    return fault;
  }

  /// Takes a key away: it opens nothing from now on.
  ///
  /// @return false if they have none like that
  public boolean remove(Principal owner, UUID passkey) {
    return change(
        owner,
        passkey,
        "passkey.removed",
        jdbc ->
            jdbc.sql(
                """
                delete from identity.passkey
                 where org_id = :org and person_id = :person and id = :id
                """));
  }

  /// Lets in whoever's key signed the challenge.
  ///
  /// @param answer what the browser said, as JSON
  /// @param browser as it was asked with
  /// @param validFor how long they stay signed in
  public Entry signIn(
      String answer, String browser, Caller caller, String label, Duration validFor) {
    var wait = throttle.begin(new Bucket("passkey-from:" + caller.network(), SPARE_OF_A_NETWORK));
    if (wait.isPositive()) {
      return new Entry.Wait(wait);
    }
    var signed = signed(Purpose.SIGN_IN, browser, answer, caller.address());
    if (signed == null) {
      return new Entry.Refused();
    }
    throttle.undo(new Bucket("passkey-from:" + caller.network(), SPARE_OF_A_NETWORK));
    return TenantScope.callAs(
        Tenant.of(signed.orgId()),
        () ->
            database.inTransaction(jdbc -> {
              if (SignOnSettings.isDemandedOf(jdbc, signed.orgId(), signed.personId())) {
                return new Entry.Elsewhere();
              }
              var session =
                  credentials.mint(
                      jdbc,
                      new Credentials.Holder(signed.orgId(), signed.personId(), null),
                      CredentialKind.SESSION,
                      label,
                      validFor,
                      Actor.person(signed.personId()));
              proved(jdbc, signed.orgId(), signed.personId(), session.id());
              record(
                  jdbc,
                  signed.orgId(),
                  Actor.person(signed.personId()),
                  "passkey.shown",
                  signed.id(),
                  Outcome.DONE);
              return new Entry.In(session);
            }));
  }

  /// Somebody who is in proves again who they are.
  ///
  /// @return false if it was not their key
  public boolean confirm(Principal owner, String answer, Caller caller) {
    var signed = signed(Purpose.CONFIRM, session(owner), answer, caller.address());
    if (signed == null
        || !signed.orgId().equals(owner.organization())
        || !signed.personId().equals(owner.person())) {
      return false;
    }
    TenantScope.runAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              proved(jdbc, owner.organization(), owner.person(), owner.credential());
              return record(
                  jdbc,
                  owner.organization(),
                  Actor.person(owner.person()),
                  "session.confirmed",
                  owner.credential(),
                  Outcome.DONE);
            }));
    return true;
  }

  /// The key whose signature this is, or null for whatever is wrong with it.
  private @Nullable Found signed(Purpose purpose, String browser, String answer, String address) {
    var data = authentication(answer);
    if (data == null || data.getCredentialId() == null || data.getUserHandle() == null) {
      return null;
    }
    var credential = credentialOf(data);
    var handle = handleOf(data);
    var challenge = use(purpose, browser, data.getCollectedClientData());
    var found = find(credential);
    if (challenge == null || found == null || !isOf(found, handle)) {
      refused(found, "passkey.refused", address);
      return null;
    }
    try {
      webauthn.verify(
          data,
          new AuthenticationParameters(
              server(challenge), recordOf(found), List.of(credential), true, true));
    } catch (MaliciousCounterValueException _) {
      // Two machines use one key, and one of them has made a copy.
      refused(found, "passkey.cloned", address);
      return null;
    } catch (VerificationException _) {
      refused(found, "passkey.refused", address);
      return null;
    }
    var count = Objects.requireNonNull(data.getAuthenticatorData()).getSignCount();
    if (!counted(found, count)) {
      refused(found, "passkey.cloned", address);
      return null;
    }
    return found;
  }

  /// Of two who come with one count at once, the second is refused.
  private boolean counted(Found found, long count) {
    return TenantScope.callAs(
        Tenant.of(found.orgId()),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql(
                            """
                            update identity.passkey set sign_count = :count, used_at = :now
                             where org_id = :org and id = :id and sign_count = :before
                            """)
                        .param("count", count)
                        .param("now", clock.instant().atOffset(UTC))
                        .param("org", found.orgId())
                        .param("id", found.id())
                        .param("before", found.signCount())
                        .update()
                    == 1));
  }

  private static void proved(JdbcClient jdbc, UUID organization, UUID person, UUID session) {
    jdbc.sql(
            """
            update identity.credential set proved_factors = 2, proved_at = now()
             where org_id = :org and id = :id and person_id = :person
            """)
        .param("org", organization)
        .param("id", session)
        .param("person", person)
        .update();
  }

  private boolean isGood(RegistrationData data, byte[] challenge) {
    try {
      webauthn.verify(data, new RegistrationParameters(server(challenge), ALGORITHMS, true, true));
      return true;
    } catch (VerificationException _) {
      return false;
    }
  }

  private ServerProperty server(byte[] challenge) {
    var pages = Objects.requireNonNull(origin);
    return ServerProperty.builder()
        .origin(Origin.create(pages.toString()))
        .rpId(pages.getHost())
        .challenge(new DefaultChallenge(challenge))
        .build();
  }

  private CredentialRecordImpl recordOf(Found found) {
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        true,
        found.backupEligible(),
        null,
        found.signCount(),
        attestations.convert(found.attested()),
        null,
        null,
        null,
        null);
  }

  private static boolean isOf(Found found, byte[] handle) {
    return Arrays.equals(handle, found.personId().toString().getBytes(UTF_8));
  }

  private @Nullable RegistrationData registration(String answer) {
    try {
      return origin == null || !hasTheForm(answer, "attestationObject")
          ? null
          : webauthn.parseRegistrationResponseJSON(answer);
    } catch (DataConversionException | IllegalArgumentException _) {
      return null;
    }
  }

  private @Nullable AuthenticationData authentication(String answer) {
    try {
      return origin == null || !hasTheForm(answer, "authenticatorData", "signature", "userHandle")
          ? null
          : webauthn.parseAuthenticationResponseJSON(answer);
    } catch (DataConversionException | IllegalArgumentException _) {
      return null;
    }
  }

  /// Whether all is there that is looked at later: the library takes that for granted.
  private static boolean hasTheForm(String answer, String... parts) {
    if (answer.length() > LONGEST) {
      return false;
    }
    try {
      var told = JSON.readTree(answer);
      var response = told.path("response");
      if (!told.path("rawId").isString()
          || !response.path("clientDataJSON").isString()
          || !Stream.of(parts).allMatch(part -> response.path(part).isString())) {
        return false;
      }
      var client =
          JSON.readTree(Base64.getUrlDecoder().decode(response.get("clientDataJSON").asString()));
      return Stream.of("type", "challenge", "origin")
          .allMatch(part -> client.path(part).isString());
    } catch (JacksonException | IllegalArgumentException _) {
      return false;
    }
  }

  @SuppressWarnings("NullAway") // Its annotation stands at the bytes, and is meant for the array.
  private static byte[] credentialOf(AuthenticationData data) {
    return data.getCredentialId();
  }

  @SuppressWarnings("NullAway") // As above.
  private static byte[] handleOf(AuthenticationData data) {
    return data.getUserHandle();
  }

  private @Nullable Found find(byte[] credential) {
    return database.withoutTenant(jdbc ->
        jdbc.sql("select * from identity.find_passkey(:id)")
            .param("id", credential)
            .query(Found.class)
            .optional()
            .orElse(null));
  }

  /// Until when it is good, something random, and a seal on both, on what it is for and for whom:
  /// nothing is kept of a challenge that nobody answers.
  private String challenge(Purpose purpose, String browser) {
    var nonce = new byte[NONCE];
    random.nextBytes(nonce);
    ByteBuffer.wrap(nonce).putLong(clock.instant().plus(CHALLENGE_IS_GOOD_FOR).getEpochSecond());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            ByteBuffer.allocate(NONCE + SEALED)
                .put(nonce)
                .put(seal(nonce, purpose, browser))
                .array());
  }

  /// The challenge that was answered; null if it is not ours, not for this, not for this browser,
  /// too old or used.
  private byte @Nullable [] use(
      Purpose purpose, String browser, @Nullable CollectedClientData client) {
    var challenge = client == null ? null : client.getChallenge().getValue();
    if (challenge == null || challenge.length != NONCE + SEALED) {
      return null;
    }
    var nonce = Arrays.copyOf(challenge, NONCE);
    var seal = Arrays.copyOfRange(challenge, NONCE, challenge.length);
    if (!MessageDigest.isEqual(seal, seal(nonce, purpose, browser))) {
      return null;
    }
    var until = Instant.ofEpochSecond(ByteBuffer.wrap(nonce).getLong());
    var now = clock.instant();
    if (until.isBefore(now)) {
      return null;
    }
    return isFirstUse(seal, now, until) ? challenge : null;
  }

  private boolean isFirstUse(byte[] seal, Instant now, Instant until) {
    return database.withoutTenant(jdbc ->
        jdbc.sql("select identity.use_challenge(:hash, :now, :until)")
            .param("hash", seal)
            .param("now", now.atOffset(UTC))
            .param("until", until.plusSeconds(1).atOffset(UTC))
            .query(Boolean.class)
            .single());
  }

  private byte[] seal(byte[] nonce, Purpose purpose, String browser) {
    return pepper.hash(
        "passkey:%s:%s:%s".formatted(purpose, HexFormat.of().formatHex(nonce), browser));
  }

  private static String session(Principal owner) {
    return owner.credential().toString();
  }

  private static List<String> knownOf(JdbcClient jdbc, Principal owner) {
    return jdbc
        .sql(
            """
            -- In Base64 for addresses, without padding and line breaks.
            select translate(encode(credential_id, 'base64'), '+/=' || chr(10), '-_')
              from identity.passkey
             where org_id = :org and person_id = :person
            """)
        .param("org", owner.organization())
        .param("person", owner.person())
        .query(String.class)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  private static Optional<String> faultOf(String name) {
    return DisplayName.isFit(name)
        ? Optional.empty()
        : Optional.of("A passkey has a name of 1 to 80 characters.");
  }

  private boolean change(
      Principal owner,
      UUID passkey,
      String action,
      Function<JdbcClient, JdbcClient.StatementSpec> change) {
    return TenantScope.callAs(
        owner.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var changed =
                  change
                          .apply(jdbc)
                          .param("org", owner.organization())
                          .param("person", owner.person())
                          .param("id", passkey)
                          .update()
                      == 1;
              if (changed) {
                record(
                    jdbc,
                    owner.organization(),
                    Actor.person(owner.person()),
                    action,
                    passkey,
                    Outcome.DONE);
              }
              return changed;
            }));
  }

  private void refused(@Nullable Found found, String action, String address) {
    var organization = found == null ? NOBODY : found.orgId();
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                audit.append(
                    jdbc,
                    new AuditEntry(
                        organization,
                        SIGN_IN,
                        action,
                        (found == null ? NOBODY : found.id()).toString(),
                        Outcome.DENIED,
                        Map.of()),
                    Map.of("ip", address))));
  }

  private Receipt record(
      JdbcClient jdbc, UUID organization, Actor by, String action, UUID target, Outcome outcome) {
    return audit.append(
        jdbc, new AuditEntry(organization, by, action, target.toString(), outcome, Map.of()));
  }

  private static PublicKeyCredentialParameters of(COSEAlgorithmIdentifier algorithm) {
    return new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm);
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one try.
  private record Found(
      UUID orgId,
      UUID personId,
      UUID id,
      byte[] attested,
      long signCount,
      boolean backupEligible) {}

  private record HeldRow(UUID id, String label, Instant createdAt, @Nullable Instant usedAt) {
    Held held() {
      return new Held(id, label, createdAt, usedAt);
    }
  }
}
