// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Throttle.Bucket;
import io.sourceblind.identity.oidc.Client;
import io.sourceblind.identity.oidc.NotAccepted;
import io.sourceblind.identity.oidc.OpenId;
import io.sourceblind.identity.oidc.Proven;
import io.sourceblind.identity.oidc.Trip;
import io.sourceblind.identity.saml.Asserted;
import io.sourceblind.identity.saml.Refusal;
import io.sourceblind.identity.saml.SamlMetadata;
import io.sourceblind.identity.saml.SamlRequest;
import io.sourceblind.identity.saml.SamlVerifier;
import java.net.URI;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// In by the identity provider of one's organization.
///
/// A provider is believed about addresses on domains that its organization has shown to be its own,
/// and about nobody else. An address is looked at once; from then on somebody is known by issuer
/// and subject, so whoever gets the address later does not get the account.
public final class SignOns {
  /// Before the name of an organization, where its provider sends browsers back to.
  public static final String PLACE = "/sign-in/sso/";

  private static final UUID NOBODY = new UUID(0, 0);
  private static final String PREFIX = "sbo_";
  private static final Duration TRIP = Duration.ofMinutes(10);
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final int SPARE_OF_A_NETWORK = 300;
  private static final Actor SIGN_ON = Actor.job("sign-on");

  /// An assertion is young when it is taken, so what is older than this comes no more.
  private static final Duration TAKEN_IS_KEPT = Duration.ofHours(1);

  private static final Pattern STATE = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern CLASS = Pattern.compile("[!-~]{1,200}");

  private final TenantDatabase database;
  private final Pepper pepper;
  private final Seal seal;
  private final Credentials credentials;
  private final OpenId openId;
  private final SamlVerifier saml;
  private final Post post;
  private final AuditLog audit;
  private final Clock clock;
  private final Throttle throttle;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`
  public SignOns(
      TenantDatabase database,
      Pepper pepper,
      Credentials credentials,
      IdentityProviders providers,
      Post post,
      AuditLog audit,
      Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.seal = new Seal(pepper);
    this.credentials = credentials;
    this.openId = providers.openId();
    this.saml = providers.saml();
    this.post = post;
    this.audit = audit;
    this.clock = clock;
    this.throttle = new Throttle(database, pepper, clock);
  }

  /// How it began.
  public sealed interface Start {

    /// The browser goes to the provider, and keeps the secret until it is back.
    record GoOn(URI to, String secret) implements Start {}

    /// No organization here has a provider for addresses like this.
    record NotOffered() implements Start {}

    /// The provider cannot be asked.
    record Unreachable(String why) implements Start {}

    /// There were too many tries.
    record Wait(Duration left) implements Start {}
  }

  /// How it ended.
  public sealed interface End {

    /// They are in, and go on to a page.
    record In(Minted session, String onward) implements End {}

    /// They are not, and this is what is wrong.
    record Refused(String why) implements End {}
  }

  /// What came of an answer that a provider's page has posted.
  public sealed interface Posted {

    /// It is good; the browser that began comes for it with this.
    record Kept(String state) implements Posted {}

    /// It is not, and this is what is wrong.
    record Refused(String why) implements Posted {}

    /// There were too many tries.
    record Wait(Duration left) implements Posted {}
  }

  /// What a browser brought back from a provider.
  ///
  /// @param issuer who the answer says it is from, if it says so
  public record Answer(String code, String state, @Nullable String issuer) {
    /// Without the code.
    @Override
    public String toString() {
      return "Answer[]";
    }
  }

  /// Sends somebody to the provider of whoever owns the domain. Nobody's address is looked up.
  ///
  /// @param typed an address, or the domain of one
  /// @param again whether the provider has to ask who it is, whatever it remembers
  /// @param pages where our pages are
  public Start begin(String typed, String onward, boolean again, String pages, Caller caller) {
    var network = ofNetwork(caller);
    var wait = throttle.begin(network);
    if (wait.isPositive()) {
      return new Start.Wait(wait);
    }
    var domain = Domains.nameOf(typed);
    var organization = domain == null ? null : find(domain);
    if (organization == null) {
      return new Start.NotOffered();
    }
    var setting = settingOf(organization);
    if (setting.isEmpty()) {
      return new Start.NotOffered();
    }
    var secret = Secret.random(PREFIX, random);
    URI to;
    try {
      to =
          setting.get().saml() == null
              ? openId.authorization(
                  client(organization, setting.get()), trip(secret, organization, pages, again))
              : request(organization, setting.get().saml(), secret, again);
    } catch (NotAccepted unreachable) {
      return new Start.Unreachable(unreachable.why());
    }
    keep(organization, setting.get(), secret, onward, again);
    return new Start.GoOn(to, secret);
  }

  private URI request(UUID organization, Saml saml, String secret, boolean again) {
    return requestTo(organization, saml, state(secret), again)
        .to(URI.create(saml.ssoUrl()), state(secret), clock.instant());
  }

  private static SamlRequest requestTo(UUID organization, Saml saml, String state, boolean again) {
    // An id in XML does not begin with a digit.
    return new SamlRequest("_" + state, placeOf(saml.pages(), organization), again);
  }

  /// Takes the answer of a provider that speaks SAML. The provider's page posts it, so the browser
  /// shows nothing by which it could be known; that it is the one that began it shows when it comes
  /// for what is kept here.
  ///
  /// @param place the organization at whose place it was posted
  /// @param response as it was posted
  /// @param state what the browser took along
  public Posted post(UUID place, String response, String state, Caller caller) {
    var network = ofNetwork(caller);
    var wait = throttle.begin(network);
    if (wait.isPositive()) {
      return new Posted.Wait(wait);
    }
    // Nothing is read of an answer that nobody waits for.
    var asked =
        STATE.matcher(state).matches() ? issuerAsked(place, state) : Optional.<String>empty();
    if (asked.isEmpty()) {
      return refusedPost(NOBODY, "request", "This sign-in is over, or was not begun here.", caller);
    }
    var setting = settingOf(place).filter(kept -> kept.issuer().equals(asked.get()));
    if (setting.isEmpty() || setting.get().saml() == null) {
      return refusedPost(place, "changed", "Your organization has changed its provider.", caller);
    }
    Asserted asserted;
    try {
      asserted =
          saml.verify(
              response,
              SamlMetadata.provider(
                  SignOnSettings.nameOf(setting.get().issuer()),
                  setting.get().saml().certificates(),
                  clock.instant()),
              requestTo(place, setting.get().saml(), state, false));
    } catch (Refusal refusal) {
      return refusedPost(place, "response", refusal.why(), caller);
    }
    var fault = keep(place, state, asserted);
    if (fault.isPresent()) {
      return refusedPost(place, "used", fault.get(), caller);
    }
    throttle.undo(network);
    return new Posted.Kept(state);
  }

  private Posted.Refused refusedPost(UUID organization, String with, String why, Caller caller) {
    return new Posted.Refused(refused(organization, with, why, caller).why());
  }

  private Optional<String> issuerAsked(UUID organization, String state) {
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql(
                        """
                        select issuer from identity.sign_on_begun
                         where org_id = :org and request = :request and answer is null
                           and expires_at > :now
                        """)
                    .param("org", organization)
                    .param("request", hashOfRequest(state))
                    .param("now", clock.instant().atOffset(UTC))
                    .query(String.class)
                    .optional()));
  }

  /// Keeps an answer until its browser comes for it.
  ///
  /// @return what is wrong, or nothing
  private Optional<String> keep(UUID organization, String state, Asserted asserted) {
    var now = clock.instant();
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              jdbc.sql(
                      """
                      delete from identity.assertion_taken
                       where org_id = :org and forget_at < :now
                      """)
                  .param("org", organization)
                  .param("now", now.atOffset(UTC))
                  .update();
              var first =
                  jdbc.sql(
                          """
                          insert into identity.assertion_taken (org_id, hash, forget_at)
                          values (:org, :hash, :until)
                          on conflict do nothing
                          """)
                      .param("org", organization)
                      .param("hash", pepper.hash("assertion:" + asserted.id()))
                      .param("until", now.plus(TAKEN_IS_KEPT).atOffset(UTC))
                      .update();
              if (first == 0) {
                return Optional.of("The provider's response was taken before.");
              }
              var kept =
                  jdbc.sql(
                          """
                          update identity.sign_on_begun set answer = :answer
                           where org_id = :org and request = :request and answer is null
                             and expires_at > :now
                          """)
                      .param("answer", seal.seal(written(asserted), placeOfAnswer(state)))
                      .param("org", organization)
                      .param("request", hashOfRequest(state))
                      .param("now", now.atOffset(UTC))
                      .update();
              return kept == 0
                  ? Optional.of("This sign-in is over, or was answered before.")
                  : Optional.<String>empty();
            }));
  }

  /// What is too long for what it is, is not said.
  private static byte[] written(Asserted asserted) {
    var said = new HashMap<String, Object>();
    said.put("subject", asserted.subject());
    said.put("proved_at", asserted.provedAt().toString());
    put(said, "email", asserted.email(), Letter::isAddress);
    put(said, "name", asserted.name(), DisplayName::isFit);
    put(said, "class", asserted.factorClass(), CLASS.asMatchPredicate());
    return JSONObjectUtils.toJSONString(said).getBytes(UTF_8);
  }

  private static void put(
      Map<String, Object> said, String name, @Nullable String value, Predicate<String> fits) {
    if (value != null && fits.test(value)) {
      said.put(name, value);
    }
  }

  private Proven answered(String issuer, String state, @Nullable String answer) {
    if (answer == null) {
      throw new NotAccepted("Your provider has not answered yet.");
    }
    try {
      var said =
          JSONObjectUtils.parse(
              new String(seal.open(HexFormat.of().parseHex(answer), placeOfAnswer(state)), UTF_8));
      return new Proven(
          issuer,
          String.valueOf(said.get("subject")),
          (String) said.get("email"),
          (String) said.get("name"),
          Instant.parse(String.valueOf(said.get("proved_at"))),
          Set.of(),
          (String) said.get("class"));
    } catch (ParseException impossible) {
      throw new IllegalStateException("It was sealed as it was written", impossible);
    }
  }

  private static String placeOfAnswer(String state) {
    return "identity.sign_on_begun/" + state;
  }

  private byte[] hashOfRequest(String state) {
    return pepper.hash("sign-on-request:" + state);
  }

  /// Lets somebody in who comes back from their provider.
  ///
  /// @param place the organization at whose place they came back
  /// @param secret what their browser kept; null if it kept nothing
  /// @param browser what its owner will know it by
  public End finish(
      UUID place,
      @Nullable String secret,
      Answer answer,
      String pages,
      String browser,
      Duration validFor,
      Caller caller) {
    if (secret == null
        || !Secret.hasTheForm(secret, PREFIX)
        || !isSame(state(secret), answer.state())) {
      return refused(NOBODY, "browser", "This sign-in was not begun in this browser.", caller);
    }
    var begun = take(secret);
    if (begun == null) {
      return refused(NOBODY, "used", "This sign-in is over, or took too long.", caller);
    }
    if (!begun.orgId().equals(place)) {
      return refused(begun.orgId(), "place", "The answer came back to another place.", caller);
    }
    var setting = settingOf(place).filter(kept -> kept.issuer().equals(begun.issuer()));
    if (setting.isEmpty()) {
      return refused(place, "changed", "Your organization has changed its provider.", caller);
    }
    Proven proven;
    try {
      proven =
          setting.get().saml() == null
              ? openId.redeem(
                  client(place, setting.get()),
                  trip(secret, place, pages, begun.again()),
                  answer.code(),
                  answer.issuer())
              : answered(begun.issuer(), answer.state(), begun.answer());
    } catch (NotAccepted notAccepted) {
      return refused(place, "token", notAccepted.why(), caller);
    }
    if (begun.again() && !provedSince(proven, begun.begunAt())) {
      return refused(
          place,
          "again",
          "The provider does not say that it has asked you again. Confirm with a mailed code.",
          caller);
    }
    var end = enter(place, setting.get(), proven, begun.onward(), browser, validFor);
    if (end instanceof End.Refused(var why)) {
      return refused(place, "person", why, caller);
    }
    throttle.undo(ofNetwork(caller));
    return end;
  }

  private End enter(
      UUID organization,
      Setting setting,
      Proven proven,
      String onward,
      String browser,
      Duration validFor) {
    var letters = new ArrayList<Letter>();
    var end =
        TenantScope.callAs(
            Tenant.of(organization),
            () ->
                database.inTransaction(jdbc -> {
                  var entrant = entrant(jdbc, organization, setting, proven);
                  if (entrant.person() == null) {
                    return new End.Refused(entrant.fault());
                  }
                  if (entrant.joinedAs() != null) {
                    letters.add(joined(entrant.joinedAs(), SignOnSettings.nameOf(proven.issuer())));
                  }
                  var session =
                      credentials.mint(
                          jdbc,
                          new Credentials.Holder(organization, entrant.person(), null),
                          CredentialKind.SESSION,
                          browser,
                          validFor,
                          Actor.person(entrant.person()));
                  prove(jdbc, organization, session.id(), setting, proven);
                  return new End.In(session, onward);
                }));
    if (post.delivers()) {
      letters.forEach(post::send);
    }
    return end;
  }

  /// Who comes in.
  ///
  /// @param person null for nobody
  /// @param joinedAs the address by which they were known for the first time, or null
  private record Entrant(@Nullable UUID person, @Nullable String joinedAs, String fault) {
    static Entrant nobody(String fault) {
      return new Entrant(null, null, fault);
    }
  }

  private Entrant entrant(JdbcClient jdbc, UUID organization, Setting setting, Proven proven) {
    var known =
        jdbc.sql(
                """
                select e.person_id, p.removed_at is not null as removed
                  from identity.external_identity e
                  join identity.person p on p.org_id = e.org_id and p.id = e.person_id
                 where e.org_id = :org and e.issuer = :issuer and e.subject = :subject
                """)
            .param("org", organization)
            .param("issuer", proven.issuer())
            .param("subject", proven.subject())
            .query(Known.class)
            .optional();
    if (known.isPresent()) {
      return known.get().removed()
          ? Entrant.nobody("Your membership has ended.")
          : new Entrant(known.get().personId(), null, "");
    }
    var email = proven.email();
    if (email == null || !Letter.isAddress(email)) {
      return Entrant.nobody(
          setting.saml() == null
              ? "Your provider does not say that a mail address is yours (`email` and"
                  + " `email_verified`)."
              : "Your provider does not say one mail address of yours (the attribute `email`).");
    }
    if (!isOurs(jdbc, organization, email)) {
      return Entrant.nobody(
          "Your address is on no domain that your organization has shown to be its own.");
    }
    var people =
        jdbc.sql(
                """
                select id as person_id, removed_at is not null as removed
                  from identity.person
                 where org_id = :org and lower(email) = lower(:email)
                """)
            .param("org", organization)
            .param("email", email)
            .query(Known.class)
            .list();
    if (people.size() > 1 || people.stream().anyMatch(Known::removed)) {
      return Entrant.nobody(
          "Your membership has ended, or your address is there twice. An owner can invite you.");
    }
    if (people.isEmpty() && !setting.joins()) {
      return Entrant.nobody("Nobody here has your address. An owner can invite you.");
    }
    var person =
        people.isEmpty()
            ? newcomer(jdbc, organization, email, proven.name())
            : people.getFirst().personId();
    return join(jdbc, organization, person, proven)
        ? new Entrant(person, email, "")
        : Entrant.nobody("Somebody else at your provider has this account already.");
  }

  private boolean join(JdbcClient jdbc, UUID organization, UUID person, Proven proven) {
    var joined =
        jdbc.sql(
                """
                insert into identity.external_identity (org_id, issuer, subject, person_id, joined_at)
                values (:org, :issuer, :subject, :person, :now)
                on conflict do nothing
                """)
            .param("org", organization)
            .param("issuer", proven.issuer())
            .param("subject", proven.subject())
            .param("person", person)
            .param("now", clock.instant().atOffset(UTC))
            .update();
    if (joined == 1) {
      audit.append(
          jdbc,
          new AuditEntry(
              organization,
              Actor.person(person),
              "sign_on.joined",
              person.toString(),
              Outcome.DONE,
              Map.of()));
    }
    return joined == 1;
  }

  private UUID newcomer(JdbcClient jdbc, UUID organization, String email, @Nullable String name) {
    var id = UUID.randomUUID();
    jdbc.sql(
            """
            insert into identity.person (org_id, id, name, email, role, joined_on)
            values (:org, :id, :name, :email, 'engineer', :today)
            """)
        .param("org", organization)
        .param("id", id)
        .param("name", nameFor(email, name))
        .param("email", email)
        .param("today", LocalDate.ofInstant(clock.instant(), UTC))
        .update();
    audit.append(
        jdbc,
        new AuditEntry(
            organization,
            SIGN_ON,
            "person.added",
            id.toString(),
            Outcome.DONE,
            Map.of("role", Role.ENGINEER.sqlName(), "team", "none")));
    return id;
  }

  private static String nameFor(String email, @Nullable String name) {
    return Stream.of(name == null ? "" : name.strip(), email.substring(0, email.indexOf('@')))
        .filter(DisplayName::isFit)
        .findFirst()
        .orElse("Engineer");
  }

  private static boolean isOurs(JdbcClient jdbc, UUID organization, String email) {
    var domain = Domains.nameOf(email);
    return domain != null
        && jdbc.sql(
                """
                select exists (select from identity.domain
                                where org_id = :org and domain = :domain
                                  and verified_at is not null)
                """)
            .param("org", organization)
            .param("domain", domain)
            .query(Boolean.class)
            .single();
  }

  /// A proof is as old as the provider says. Where it does not say, it is of long ago.
  private void prove(
      JdbcClient jdbc, UUID organization, UUID session, Setting setting, Proven proven) {
    var now = clock.instant();
    var told = proven.provedAt();
    var provedAt = told == null ? now.minus(Duration.ofDays(1)) : told.isAfter(now) ? now : told;
    jdbc.sql(
            """
            update identity.credential set proved_at = :provedAt, proved_factors = :factors
             where org_id = :org and id = :id
            """)
        .param("provedAt", provedAt.atOffset(UTC))
        .param("factors", setting.hasFactors(proven) ? 2 : 1)
        .param("org", organization)
        .param("id", session)
        .update();
  }

  private static boolean provedSince(Proven proven, Instant begun) {
    return proven.provedAt() != null && !proven.provedAt().isBefore(begun.minus(SKEW));
  }

  private static Letter joined(String address, String issuer) {
    return new Letter(
        address,
        "You sign in with your organization's provider now",
        """
        From now on your account on Sourceblind opens for whoever your organization's identity
        provider says is you:

            %s

        If you did not just sign in there, tell your security team: whoever runs that provider can
        come in as you.
        """
            .formatted(issuer));
  }

  private End.Refused refused(UUID organization, String with, String why, Caller caller) {
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                audit.append(
                    jdbc,
                    new AuditEntry(
                        organization,
                        SIGN_ON,
                        "sign_in.refused",
                        NOBODY.toString(),
                        Outcome.DENIED,
                        Map.of("with", "sign_on", "reason", with)),
                    Map.of("ip", caller.address()))));
    return new End.Refused(why);
  }

  private @Nullable UUID find(String domain) {
    return database.withoutTenant(jdbc ->
        jdbc.sql("select found from identity.find_sign_on(:domain) found where found is not null")
            .param("domain", domain)
            .query(UUID.class)
            .optional()
            .orElse(null));
  }

  private Optional<Setting> settingOf(UUID organization) {
    return TenantScope.callAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc ->
                jdbc.sql(
                        """
                        select issuer, client_id, encode(sealed_secret, 'hex') as sealed_secret,
                               claim_name, claim_value, joins, their_factors, factor_class,
                               sso_url, certificates, pages
                          from identity.sign_on
                         where org_id = :org
                        """)
                    .param("org", organization)
                    .query(DataClassRowMapper.newInstance(Setting.class))
                    .optional()));
  }

  private Client client(UUID organization, Setting setting) {
    return new Client(
        URI.create(setting.issuer()),
        Objects.requireNonNull(setting.clientId()),
        new String(
            seal.open(
                HexFormat.of().parseHex(Objects.requireNonNull(setting.sealedSecret())),
                SignOnSettings.placeOf(organization)),
            UTF_8),
        setting.claimName() == null || setting.claimValue() == null
            ? null
            : new Client.Claim(setting.claimName(), setting.claimValue()));
  }

  private void keep(
      UUID organization, Setting setting, String secret, String onward, boolean again) {
    var now = clock.instant();
    TenantScope.runAs(
        Tenant.of(organization),
        () ->
            database.inTransaction(jdbc -> {
              jdbc.sql(
                      "delete from identity.sign_on_begun where org_id = :org and expires_at < :now")
                  .param("org", organization)
                  .param("now", now.atOffset(UTC))
                  .update();
              return jdbc.sql(
                      """
                      insert into identity.sign_on_begun
                        (hash, org_id, issuer, onward, again, begun_at, expires_at, request)
                      values (:hash, :org, :issuer, :onward, :again, :now, :until, :request)
                      """)
                  .param("hash", hash(secret))
                  .param("org", organization)
                  .param("issuer", setting.issuer())
                  .param("onward", onward)
                  .param("again", again)
                  .param("now", now.atOffset(UTC))
                  .param("until", now.plus(TRIP).atOffset(UTC))
                  .param("request", setting.saml() == null ? null : hashOfRequest(state(secret)))
                  .update();
            }));
  }

  private @Nullable Begun take(String secret) {
    return database.withoutTenant(jdbc ->
        jdbc.sql(
                """
                select org_id, issuer, onward, again, begun_at, encode(answer, 'hex') as answer
                  from identity.take_sign_on(:hash, :now)
                """)
            .param("hash", hash(secret))
            .param("now", clock.instant().atOffset(UTC))
            .query(DataClassRowMapper.newInstance(Begun.class))
            .optional()
            .orElse(null));
  }

  /// All that a trip needs comes from what the browser holds, so none of it is kept here.
  private Trip trip(String secret, UUID organization, String pages, boolean again) {
    return new Trip(
        state(secret),
        derived("nonce", secret),
        derived("verifier", secret),
        placeOf(pages, organization),
        again);
  }

  /// Where the provider of an organization sends browsers back to.
  public static URI placeOf(String pages, UUID organization) {
    return URI.create(pages + PLACE + organization);
  }

  /// The name under which the provider of an organization knows us, if it speaks SAML.
  public static URI nameOf(String pages, UUID organization) {
    return SamlRequest.nameOf(placeOf(pages, organization));
  }

  /// What a provider that speaks SAML wants to know of us.
  public static String metadataOf(String pages, UUID organization) {
    return SamlMetadata.ours(placeOf(pages, organization));
  }

  private String state(String secret) {
    return derived("state", secret);
  }

  private String derived(String what, String secret) {
    return HexFormat.of().formatHex(pepper.hash("sign-on-" + what + ":" + secret));
  }

  private byte[] hash(String secret) {
    return pepper.hash("sign-on:" + secret);
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private static Bucket ofNetwork(Caller caller) {
    return new Bucket("sign-on-from:" + caller.network(), SPARE_OF_A_NETWORK);
  }

  private record Known(UUID personId, boolean removed) {}

  private record Begun(
      UUID orgId,
      String issuer,
      String onward,
      boolean again,
      Instant begunAt,
      @Nullable String answer) {}

  /// What is there of a provider that speaks SAML.
  ///
  /// @param pages where our pages were when it was set
  private record Saml(String ssoUrl, String certificates, String pages) {}

  private record Setting(
      String issuer,
      @Nullable String clientId,
      @Nullable String sealedSecret,
      @Nullable String claimName,
      @Nullable String claimValue,
      boolean joins,
      boolean theirFactors,
      @Nullable String factorClass,
      @Nullable String ssoUrl,
      @Nullable String certificates,
      @Nullable String pages) {

    /// Null for a provider that speaks OpenID Connect.
    @Nullable Saml saml() {
      return ssoUrl == null || certificates == null || pages == null
          ? null
          : new Saml(ssoUrl, certificates, pages);
    }

    /// RFC 8176: `mfa` says that there were several.
    boolean hasFactors(Proven proven) {
      return theirFactors
          && (proven.methods().contains("mfa")
              || (factorClass != null && factorClass.equals(proven.factorClass())));
    }
  }
}
