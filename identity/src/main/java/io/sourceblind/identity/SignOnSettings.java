// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.oidc.NotAccepted;
import io.sourceblind.identity.oidc.OpenId;
import io.sourceblind.identity.saml.Refusal;
import io.sourceblind.identity.saml.SamlMetadata;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How an organization's people sign in with its provider, as an owner sets it.
public final class SignOnSettings {
  /// How long the metadata of a provider may be, in characters.
  public static final int LONGEST_METADATA = SamlMetadata.LONGEST;

  /// Before the name of a provider that speaks SAML; what it says of its people is never taken for
  /// what the same provider says of them over OpenID Connect.
  static final String SAML = "saml:";

  // What an entry of the log can hold, too.
  private static final Pattern ISSUER = Pattern.compile("https?://[A-Za-z0-9._:/,=+-]{1,190}");
  private static final Pattern CLIENT = Pattern.compile("[ -~]{1,255}");
  private static final Pattern SECRET = Pattern.compile("[!-~]{8,512}");
  private static final Pattern CLAIM_NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,100}");
  private static final Pattern WORD = Pattern.compile("[!-~]{1,200}");
  private static final int SHOWN = 4;
  private static final int LONGEST_WORD = 200;

  /// Issuers that serve everybody, and the claim that says whom.
  private static final Map<String, String> SHARED = Map.of("https://accounts.google.com", "hd");

  private static final Pattern ENTRA_FOR_EVERYBODY =
      Pattern.compile("https://login\\.microsoftonline\\.com/(common|organizations|consumers)/.*");

  private final TenantDatabase database;
  private final Seal seal;
  private final OpenId openId;
  private final IdentityProviders providers;
  private final AuditLog audit;
  private final Clock clock;

  /// @param database as `identity_api`
  public SignOnSettings(
      TenantDatabase database,
      Pepper pepper,
      IdentityProviders providers,
      AuditLog audit,
      Clock clock) {
    this.database = database;
    this.seal = new Seal(pepper);
    this.openId = providers.openId();
    this.providers = providers;
    this.audit = audit;
    this.clock = clock;
  }

  /// What is set. The secret is not among it.
  ///
  /// @param clientId and `lastFour`: null for a provider that speaks SAML
  /// @param ssoUrl, `certificates` and `pages`: null for one that speaks OpenID Connect
  public record Shown(
      String issuer,
      @Nullable String clientId,
      @Nullable String lastFour,
      @Nullable String claimName,
      @Nullable String claimValue,
      boolean joins,
      boolean required,
      boolean theirFactors,
      @Nullable String factorClass,
      @Nullable String ssoUrl,
      @Nullable String certificates,
      @Nullable String pages) {

    public boolean saml() {
      return issuer.startsWith(SAML);
    }

    /// What the provider calls itself.
    public String provider() {
      return nameOf(issuer);
    }

    /// When each certificate is over; none for a provider that speaks OpenID Connect.
    public List<LocalDate> certificatesEnd() {
      return certificates == null
          ? List.of()
          : SamlMetadata.certificates(certificates).stream()
              .map(certificate -> LocalDate.ofInstant(certificate.getNotAfter().toInstant(), UTC))
              .toList();
    }
  }

  /// What a manager enters of a provider that speaks SAML.
  ///
  /// @param metadata empty to keep what is there
  /// @param factorClass empty for none
  public record EnteredSaml(
      String metadata, boolean joins, boolean required, boolean theirFactors, String factorClass) {}

  /// What an owner enters.
  ///
  /// @param secret empty to keep the one that is there
  /// @param claimName and `claimValue`, `factorClass`: empty for none
  public record Entered(
      String issuer,
      String clientId,
      String secret,
      String claimName,
      String claimValue,
      boolean joins,
      boolean required,
      boolean theirFactors,
      String factorClass) {

    /// Without the secret.
    @Override
    public String toString() {
      return "Entered[]";
    }

    private @Nullable String fault() {
      if (!ISSUER.matcher(issuer).matches()) {
        return "An issuer is an address that begins with https, at most 200 characters long.";
      }
      if (ENTRA_FOR_EVERYBODY.matcher(issuer).matches()) {
        return "This issuer serves all of Entra; enter your tenant's own, with its id.";
      }
      if (!CLIENT.matcher(clientId).matches()) {
        return "A client id has 1 to 255 plain characters.";
      }
      if (!secret.isEmpty() && !SECRET.matcher(secret).matches()) {
        return "A client secret has 8 to 512 characters and no space.";
      }
      if (claimName.isEmpty() != claimValue.isEmpty()
          || (!claimName.isEmpty()
              && !(CLAIM_NAME.matcher(claimName).matches()
                  && WORD.matcher(claimValue).matches()))) {
        return "A claim has a name and a value, both without spaces.";
      }
      var claim = SHARED.get(issuer);
      if (claim != null && !claim.equals(claimName)) {
        return "This issuer serves everybody; say which `%s` is yours.".formatted(claim);
      }
      return faultOfClass(factorClass);
    }
  }

  /// What is set, if anything is.
  public Optional<Shown> of(Principal member) {
    return TenantScope.callAs(
        member.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql("select * from identity.sign_on where org_id = :org")
                    .param("org", member.organization())
                    .query(DataClassRowMapper.newInstance(Shown.class))
                    .optional()));
  }

  /// Sets it, once the provider has been seen to answer.
  ///
  /// @return what is wrong, or nothing
  public Optional<String> change(Principal manager, Entered entered) {
    var fault = entered.fault();
    if (fault != null) {
      return Optional.of(fault);
    }
    var before = of(manager);
    if (entered.secret().isEmpty()
        && before.filter(set -> set.issuer().equals(entered.issuer())).isEmpty()) {
      return Optional.of("A new provider needs a client secret.");
    }
    try {
      openId.check(URI.create(entered.issuer()));
    } catch (NotAccepted notAccepted) {
      return Optional.of(notAccepted.why());
    } catch (IllegalArgumentException _) {
      return Optional.of("The issuer is no address.");
    }
    TenantScope.runAs(
        manager.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              write(jdbc, manager, entered);
              if (entered.required() && before.filter(Shown::required).isEmpty()) {
                endOtherWaysIn(jdbc, manager);
              }
              return true;
            }));
    return Optional.empty();
  }

  /// Sets a provider that speaks SAML.
  ///
  /// @param pages where our pages are, as the manager sees them
  /// @return what is wrong, or nothing
  public Optional<String> change(Principal manager, EnteredSaml entered, String pages) {
    var fault = faultOfClass(entered.factorClass());
    if (fault != null) {
      return Optional.of(fault);
    }
    var before = of(manager);
    SamlMetadata metadata = null;
    if (!entered.metadata().isBlank()) {
      try {
        metadata = SamlMetadata.read(entered.metadata(), providers.inside(), clock.instant());
      } catch (Refusal refusal) {
        return Optional.of(refusal.why());
      }
    } else if (before.filter(Shown::saml).isEmpty()) {
      return Optional.of("A new provider needs its metadata.");
    }
    var read = metadata;
    TenantScope.runAs(
        manager.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              write(jdbc, manager, entered, read, pages);
              // Who is on their way begins again, so that nothing is taken that an old key signed.
              jdbc.sql("delete from identity.sign_on_begun where org_id = :org")
                  .param("org", manager.organization())
                  .update();
              if (entered.required() && before.filter(Shown::required).isEmpty()) {
                endOtherWaysIn(jdbc, manager);
              }
              return true;
            }));
    return Optional.empty();
  }

  private static @Nullable String faultOfClass(String factorClass) {
    return factorClass.isEmpty() || WORD.matcher(factorClass).matches()
        ? null
        : "A class has 1 to 200 characters and no space.";
  }

  private void write(
      JdbcClient jdbc,
      Principal manager,
      EnteredSaml entered,
      @Nullable SamlMetadata metadata,
      String pages) {
    var parameters = new HashMap<String, @Nullable Object>();
    parameters.put("org", manager.organization());
    parameters.put("joins", entered.joins());
    parameters.put("required", entered.required());
    parameters.put("factors", entered.theirFactors());
    parameters.put("class", orNull(entered.factorClass()));
    parameters.put("pages", pages);
    if (metadata != null) {
      jdbc.sql(
              """
              insert into identity.sign_on
                (org_id, issuer, sso_url, certificates, pages, joins, required, their_factors,
                 factor_class)
              values (:org, :issuer, :signOn, :certificates, :pages, :joins, :required, :factors,
                      :class)
              on conflict (org_id) do update
                 set issuer = excluded.issuer, sso_url = excluded.sso_url,
                     certificates = excluded.certificates, pages = excluded.pages,
                     client_id = null,
                     sealed_secret = null, last_four = null, claim_name = null, claim_value = null
              """)
          .params(parameters)
          .param("issuer", SAML + metadata.entityId())
          .param("signOn", metadata.signOn().toString())
          .param("certificates", metadata.kept())
          .update();
    }
    // Where this was set is where answers go to, whatever a later request calls its host.
    var kept =
        jdbc.sql(
                """
                update identity.sign_on
                   set joins = :joins, required = :required, their_factors = :factors,
                       factor_class = :class, pages = :pages
                 where org_id = :org
                returning issuer, certificates
                """)
            .params(parameters)
            .query(Kept.class)
            .single();
    audit.append(
        jdbc,
        new AuditEntry(
            manager.organization(),
            Actor.person(manager.person()),
            "sign_on.changed",
            manager.organization().toString(),
            Outcome.DONE,
            Map.of(
                // An entry holds no question mark.
                "issuer",
                kept.issuer()
                    .substring(0, Math.min(kept.issuer().length(), LONGEST_WORD))
                    .replaceAll("[^A-Za-z0-9._:/,=+-]", "_"),
                "keys",
                fingerprint(kept.certificates()),
                "joins",
                entered.joins(),
                "required",
                entered.required(),
                "their_factors",
                entered.theirFactors())));
  }

  private record Kept(String issuer, String certificates) {}

  private static String fingerprint(String certificates) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificates.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }

  /// What the provider behind an issuer calls itself.
  static String nameOf(String issuer) {
    return issuer.startsWith(SAML) ? issuer.substring(SAML.length()) : issuer;
  }

  private void write(JdbcClient jdbc, Principal manager, Entered entered) {
    var secret = entered.secret();
    if (secret.isEmpty()) {
      jdbc.sql(
              """
              update identity.sign_on
                 set client_id = :client, claim_name = :claimName, claim_value = :claimValue,
                     joins = :joins, required = :required, their_factors = :factors,
                     factor_class = :class
               where org_id = :org
              """)
          .params(parameters(manager, entered))
          .update();
    } else {
      jdbc.sql(
              """
              insert into identity.sign_on
                (org_id, issuer, client_id, sealed_secret, last_four, claim_name, claim_value,
                 joins, required, their_factors, factor_class)
              values (:org, :issuer, :client, :sealed, :lastFour, :claimName, :claimValue,
                      :joins, :required, :factors, :class)
              on conflict (org_id) do update
                 set issuer = excluded.issuer, client_id = excluded.client_id,
                     sealed_secret = excluded.sealed_secret, last_four = excluded.last_four,
                     claim_name = excluded.claim_name, claim_value = excluded.claim_value,
                     joins = excluded.joins, required = excluded.required,
                     their_factors = excluded.their_factors, factor_class = excluded.factor_class,
                     sso_url = null, certificates = null, pages = null
              """)
          .params(parameters(manager, entered))
          .param("issuer", entered.issuer())
          .param("sealed", seal.seal(secret.getBytes(UTF_8), placeOf(manager.organization())))
          .param("lastFour", secret.substring(secret.length() - SHOWN))
          .update();
    }
    audit.append(
        jdbc,
        new AuditEntry(
            manager.organization(),
            Actor.person(manager.person()),
            "sign_on.changed",
            manager.organization().toString(),
            Outcome.DONE,
            Map.of(
                "issuer", entered.issuer(),
                "new_secret", !secret.isEmpty(),
                "joins", entered.joins(),
                "required", entered.required(),
                "their_factors", entered.theirFactors())));
  }

  private static Map<String, @Nullable Object> parameters(Principal manager, Entered entered) {
    var parameters = new HashMap<String, @Nullable Object>();
    parameters.put("org", manager.organization());
    parameters.put("client", entered.clientId());
    parameters.put("claimName", orNull(entered.claimName()));
    parameters.put("claimValue", orNull(entered.claimValue()));
    parameters.put("joins", entered.joins());
    parameters.put("required", entered.required());
    parameters.put("factors", entered.theirFactors());
    parameters.put("class", orNull(entered.factorClass()));
    return parameters;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /// Forgets the provider; people sign in as everybody does.
  public void remove(Principal manager) {
    TenantScope.runAs(
        manager.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var removed =
                  jdbc.sql("delete from identity.sign_on where org_id = :org")
                      .param("org", manager.organization())
                      .update();
              if (removed > 0) {
                audit.append(
                    jdbc,
                    new AuditEntry(
                        manager.organization(),
                        Actor.person(manager.person()),
                        "sign_on.removed",
                        manager.organization().toString(),
                        Outcome.DONE,
                        Map.of()));
              }
              return removed;
            }));
  }

  /// Whether somebody may come in by their provider alone, in a transaction of their organization.
  static boolean isDemandedOf(JdbcClient jdbc, UUID organization, UUID person) {
    return jdbc.sql(
            """
            select exists (
              select from identity.sign_on s
                join identity.person p on p.org_id = s.org_id
               where s.org_id = :org and s.required and p.id = :person and p.role <> 'owner')
            """)
        .param("org", organization)
        .param("person", person)
        .query(Boolean.class)
        .single();
  }

  static String placeOf(UUID organization) {
    return "identity.sign_on/" + organization;
  }

  /// Whoever is in already comes in again, by the provider.
  private void endOtherWaysIn(JdbcClient jdbc, Principal manager) {
    var ended =
        jdbc
            .sql(
                """
                update identity.credential c set revoked_at = :now
                  from identity.person p
                 where c.org_id = :org and c.kind in ('session', 'sign_in_link')
                   and c.revoked_at is null and c.expires_at > :now
                   and p.org_id = c.org_id and p.id = c.person_id and p.role <> 'owner'
                returning c.id
                """)
            .param("now", clock.instant().atOffset(UTC))
            .param("org", manager.organization())
            .query(UUID.class)
            .stream()
            .map(Objects::requireNonNull)
            .toList();
    for (var id : ended) {
      audit.append(
          jdbc,
          new AuditEntry(
              manager.organization(),
              Actor.person(manager.person()),
              "credential.revoked",
              id.toString(),
              Outcome.DONE,
              Map.of()));
    }
  }
}
