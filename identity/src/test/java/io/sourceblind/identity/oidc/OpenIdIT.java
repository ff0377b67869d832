// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.sourceblind.identity.oidc.SomeIssuer.Signer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider says who somebody is, and liars say it too. Each lie is told twice: to all rules, and
/// to all but the one that finds it; then it is believed.
class OpenIdIT {
  private static final Clock CLOCK = Clock.systemUTC();
  private SomeIssuer issuer;

  @BeforeEach
  void start() {
    issuer = new SomeIssuer();
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  /// A lie, and the rule that finds it.
  record Lie(
      String name, Rule rule, Consumer<Map<String, Object>> claims, @Nullable Forger forger) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Forger {
    Signer of(SomeIssuer issuer) throws JOSEException;
  }

  private static Lie lie(String name, Rule rule, Consumer<Map<String, Object>> claims) {
    return new Lie(name, rule, claims, null);
  }

  private static Lie forged(String name, Rule rule, Forger forger) {
    return new Lie(name, rule, _ -> {}, forger);
  }

  static Stream<Lie> lies() {
    return Stream.of(
        lie("another issuer", Rule.ISSUER, said -> said.put("iss", "https://idp.example.org")),
        lie("no issuer", Rule.ISSUER, said -> said.remove("iss")),
        lie("another audience", Rule.AUDIENCE, said -> said.put("aud", List.of("else"))),
        lie(
            "several audiences and no authorized party",
            Rule.AUTHORIZED_PARTY,
            said -> said.put("aud", List.of(SomeIssuer.CLIENT, "else"))),
        lie("another authorized party", Rule.AUTHORIZED_PARTY, said -> said.put("azp", "else")),
        lie("expired", Rule.EXPIRY, said -> said.put("exp", seconds(said, "iat") - 31)),
        lie("without an end", Rule.EXPIRY, said -> said.remove("exp")),
        lie("issued long ago", Rule.ISSUED, said -> said.put("iat", seconds(said, "iat") - 601)),
        lie("issued tomorrow", Rule.ISSUED, said -> said.put("iat", seconds(said, "iat") + 86_400)),
        lie("never issued", Rule.ISSUED, said -> said.remove("iat")),
        lie("good later", Rule.NOT_BEFORE, said -> said.put("nbf", seconds(said, "iat") + 300)),
        lie("no nonce", Rule.NONCE, said -> said.remove("nonce")),
        lie("the nonce of another trip", Rule.NONCE, said -> said.put("nonce", "earlier")),
        lie("nobody", Rule.SUBJECT, said -> said.put("sub", " ")),
        lie("no claim of this customer", Rule.CLAIM, said -> said.remove("hd")),
        lie("the claim of another", Rule.CLAIM, said -> said.put("hd", "example.org")),
        lie("the claim as a list", Rule.CLAIM, said -> said.put("hd", List.of("example.com"))),
        forged(
            "signed with the public key as if it were a secret",
            Rule.ALGORITHM,
            issuer -> {
              var secret = issuer.key.toPublicJWK().toJSONString().getBytes(UTF_8);
              return said -> signed(JWSAlgorithm.HS256, "one", new MACSigner(secret), said);
            }),
        forged(
            "signed with a key of nobody under the id of a good one",
            Rule.SIGNATURE,
            _ -> {
              var stranger = new RSAKeyGenerator(2048).keyID("one").generate();
              return said -> SomeIssuer.signed(stranger, JWSAlgorithm.RS256, said);
            }),
        forged(
            "signed with a key that the token brings along",
            Rule.SIGNATURE,
            _ -> {
              var stranger = new RSAKeyGenerator(2048).keyID("own").generate();
              return said -> {
                var jwt =
                    new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID("own")
                            .jwk(stranger.toPublicJWK())
                            .jwkURL(URI.create("https://idp.example.org/keys"))
                            .build(),
                        JWTClaimsSet.parse(said));
                jwt.sign(new RSASSASigner(stranger));
                return jwt.serialize();
              };
            }),
        forged(
            "signed with a key that is too small",
            Rule.SIGNATURE,
            issuer -> {
              var small = new RSAKeyGenerator(1024, true).keyID("small").generate();
              issuer.published.add(small.toPublicJWK());
              return said -> weaklySigned(small, said);
            }),
        forged(
            "changed after it was signed",
            Rule.SIGNATURE,
            issuer ->
                said -> {
                  var parts =
                      SomeIssuer.signed(issuer.key, JWSAlgorithm.RS256, said).split("\\.", -1);
                  var other = JWTClaimsSet.parse(said).toPayload().toBase64URL().toString();
                  said.put("email", "manager@example.com");
                  var changed = JWTClaimsSet.parse(said).toPayload().toBase64URL().toString();
                  assertThat(changed).isNotEqualTo(other);
                  return parts[0] + "." + changed + "." + parts[2];
                }),
        forged(
            "an access token",
            Rule.TYPE,
            issuer ->
                said -> {
                  var jwt =
                      new SignedJWT(
                          new JWSHeader.Builder(JWSAlgorithm.RS256)
                              .keyID("one")
                              .type(new JOSEObjectType("at+jwt"))
                              .build(),
                          JWTClaimsSet.parse(said));
                  jwt.sign(new RSASSASigner(issuer.key));
                  return jwt.serialize();
                }));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieIsFoundByItsRule(Lie lie) throws JOSEException {
    tell(lie);

    assertThatThrownBy(() -> redeem(new OpenId(new Outward(true), CLOCK)))
        .isInstanceOf(NotAccepted.class)
        .hasMessage(lie.rule().fault());
  }

  @ParameterizedTest
  @MethodSource("lies")
  void theTwinWithoutTheRuleBelievesIt(Lie lie) throws JOSEException {
    tell(lie);
    var rules = EnumSet.complementOf(EnumSet.of(lie.rule()));
    if (lie.rule() == Rule.ALGORITHM) {
      // No key of the provider fits such an algorithm either: the second wall.
      rules.remove(Rule.SIGNATURE);
    }

    assertThat(redeem(new OpenId(new Outward(true), CLOCK, rules))).isNotNull();
  }

  @Test
  void theTruthIsBelieved() {
    issuer.claims =
        said -> {
          said.put("hd", "example.com");
          said.put("name", "Some Engineer");
          said.put("amr", List.of("pwd", "mfa"));
          said.put("acr", "gold");
          said.put("azp", SomeIssuer.CLIENT);
        };

    var proven = redeem(new OpenId(new Outward(true), CLOCK));

    assertThat(proven.issuer()).isEqualTo(issuer.address().toString());
    assertThat(proven.subject()).startsWith("employee-");
    assertThat(proven.email()).isEqualTo("engineer@example.com");
    assertThat(proven.name()).isEqualTo("Some Engineer");
    assertThat(proven.methods()).isEqualTo(Set.of("pwd", "mfa"));
    assertThat(proven.factorClass()).isEqualTo("gold");
    assertThat(proven.provedAt()).isAfter(CLOCK.instant().minusSeconds(60));
  }

  @Test
  void aTokenOfAnEllipticCurveIsBelieved() throws JOSEException {
    var curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    issuer.published.add(curve.toPublicJWK());
    issuer.claims = said -> said.put("hd", "example.com");
    issuer.signer = said -> signed(JWSAlgorithm.ES256, "curve", new ECDSASigner(curve), said);

    assertThat(redeem(new OpenId(new Outward(true), CLOCK)).email())
        .isEqualTo("engineer@example.com");
  }

  @Test
  void aTokenThatNobodySignedIsNone() {
    issuer.signer = said -> new PlainJWT(JWTClaimsSet.parse(said)).serialize();

    assertThatThrownBy(() -> redeem(new OpenId(new Outward(true), CLOCK)))
        .hasMessage("The provider's token is no signed token.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "false", "as a word"})
  void anAddressThatIsNotShownToBeTheirsIsNone(String how) {
    issuer.claims =
        said -> {
          said.put("hd", "example.com");
          switch (how) {
            case "missing" -> said.remove("email_verified");
            case "false" -> said.put("email_verified", false);
            default -> said.put("email_verified", "true");
          }
        };

    assertThat(redeem(new OpenId(new Outward(true), CLOCK)).email()).isNull();
  }

  @Test
  void anAddressThatTheTokenDoesNotSayIsAskedFor() {
    issuer.discovery = all -> all.put("userinfo_endpoint", issuer.address() + "/userinfo");
    issuer.claims =
        said -> {
          said.put("hd", "example.com");
          said.remove("email");
          issuer.told =
              Map.of("sub", said.get("sub"), "email", "told@example.com", "email_verified", true);
        };
    var openId = new OpenId(new Outward(true), CLOCK);

    assertThat(redeem(openId).email()).isEqualTo("told@example.com");

    issuer.claims = issuer.claims.andThen(_ -> issuer.told = Map.of("sub", "somebody else"));
    assertThatThrownBy(() -> redeem(openId))
        .hasMessage("The provider tells of somebody else than its token.");
  }

  @Test
  void aCodeIsRedeemedOnce() {
    issuer.claims = said -> said.put("hd", "example.com");
    var openId = new OpenId(new Outward(true), CLOCK);
    var trip = trip();
    var code = issuer.signIn(openId.authorization(client(), trip));
    openId.redeem(client(), trip, code, null);

    assertThatThrownBy(() -> openId.redeem(client(), trip, code, null))
        .hasMessage("The provider answered with 400 instead of 200.");
  }

  @Test
  void aCodeThatWasStolenIsWorthNothingWithoutTheVerifier() {
    var openId = new OpenId(new Outward(true), CLOCK);
    var code = issuer.signIn(openId.authorization(client(), trip()));

    assertThatThrownBy(() -> openId.redeem(client(), trip(), code, null))
        .hasMessage("The provider answered with 400 instead of 200.");
  }

  @Test
  void anAnswerOfAnotherProviderIsNotTakenToThisOne() {
    var openId = new OpenId(new Outward(true), CLOCK);
    var trip = trip();
    var code = issuer.signIn(openId.authorization(client(), trip));

    assertThatThrownBy(() -> openId.redeem(client(), trip, code, "https://idp.example.org"))
        .hasMessage("The answer is of another provider than the one that was asked.");
    assertThat(issuer.tokens).isZero();
  }

  @Test
  void aProviderThatNamesItselfDoesSoEachTime() {
    issuer.discovery = all -> all.put("authorization_response_iss_parameter_supported", true);
    issuer.claims = said -> said.put("hd", "example.com");
    var openId = new OpenId(new Outward(true), CLOCK);
    var trip = trip();
    var code = issuer.signIn(openId.authorization(client(), trip));

    assertThatThrownBy(() -> openId.redeem(client(), trip, code, null))
        .hasMessage("The answer is of another provider than the one that was asked.");
    assertThat(openId.redeem(client(), trip, code, issuer.address().toString())).isNotNull();
  }

  @Test
  void keysAreReadAgainOnceAMinuteWhenATokenNamesANewOne() throws JOSEException {
    issuer.claims = said -> said.put("hd", "example.com");
    var clock = new MovedClock();
    var openId = new OpenId(new Outward(true), clock, EnumSet.of(Rule.SIGNATURE));
    redeem(openId);
    var next = new RSAKeyGenerator(2048).keyID("two").generate();
    issuer.published.add(next.toPublicJWK());
    issuer.signer = said -> SomeIssuer.signed(next, JWSAlgorithm.RS256, said);

    assertThatThrownBy(() -> redeem(openId)).hasMessage(Rule.SIGNATURE.fault());
    assertThat(issuer.keysRead).isOne();
    clock.now = clock.now.plus(Duration.ofSeconds(61));
    assertThat(redeem(openId)).isNotNull();
    assertThat(issuer.keysRead).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idp.example.com",
        "ftp://127.0.0.1/",
        "https://somebody@idp.example.com",
        "https://idp.example.com/#part",
        "file:///etc/passwd",
        "https:nothing"
      })
  void anIssuerIsAnAddressOverTls(String address) {
    assertThatThrownBy(() -> new OpenId(new Outward(true), CLOCK).check(URI.create(address)))
        .isInstanceOf(NotAccepted.class)
        .hasMessageStartingWith("The provider's address");
  }

  @Test
  void nothingInsideIsReachedUnlessTheOperatorSaysSo() {
    var https = URI.create(issuer.address().toString().replace("http:", "https:"));

    assertThatThrownBy(() -> new OpenId(new Outward(false), CLOCK).check(issuer.address()))
        .hasMessage("The provider's address begins with https.");
    assertThatThrownBy(() -> new OpenId(new Outward(false), CLOCK).check(https))
        .hasMessageContaining("inside the network of this installation");
    new OpenId(new Outward(true), CLOCK).check(issuer.address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::"
      })
  void anAddressInsideIsKnown(String address) {
    assertThat(Outward.isInside(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.9", "100.128.0.1", "172.32.0.1", "2001:db8::1"})
  void anAddressOutsideIsKnown(String address) {
    assertThat(Outward.isInside(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri"})
  void whatAProviderPublishesIsAddressesOverTls(String name) {
    for (var wrong : List.of("http://idp.example.com/", "javascript:alert(1)", "not an address")) {
      issuer.discovery = all -> all.put(name, wrong);

      assertThatThrownBy(() -> new OpenId(new Outward(true), CLOCK).check(issuer.address()))
          .isInstanceOf(NotAccepted.class)
          .hasMessageNotContaining(wrong);
    }
  }

  @Test
  void aProviderThatCallsItselfOtherwiseIsNotTheOne() {
    issuer.discovery = all -> all.put("issuer", "https://idp.example.org");

    assertThatThrownBy(() -> new OpenId(new Outward(true), CLOCK).check(issuer.address()))
        .hasMessageStartingWith("The provider calls itself otherwise");
  }

  @Test
  void noRedirectIsFollowedAndNoEndlessAnswerRead() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext(
        "/redirects",
        exchange -> {
          try (exchange) {
            exchange
                .getResponseHeaders()
                .set("Location", issuer.address() + "/.well-known/openid-configuration");
            exchange.sendResponseHeaders(302, -1);
          }
        });
    server.createContext(
        "/endless",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[2 * 1024 * 1024]);
          }
        });
    server.start();
    var address = "http://127.0.0.1:" + server.getAddress().getPort();
    var openId = new OpenId(new Outward(true), CLOCK);

    assertThatThrownBy(() -> openId.check(URI.create(address + "/redirects")))
        .hasMessage("The provider answered with 302 instead of 200.");
    assertThatThrownBy(() -> openId.check(URI.create(address + "/endless")))
        .hasMessage("The provider cannot be reached, or its answer is too long.");
    server.stop(0);
  }

  private void tell(Lie lie) throws JOSEException {
    issuer.claims =
        said -> {
          said.put("hd", "example.com");
          lie.claims().accept(said);
        };
    if (lie.forger() != null) {
      issuer.signer = lie.forger().of(issuer);
    }
  }

  private Client client() {
    return new Client(
        issuer.address(),
        SomeIssuer.CLIENT,
        SomeIssuer.SECRET,
        new Client.Claim("hd", "example.com"));
  }

  private Proven redeem(OpenId openId) {
    var trip = trip();
    var code = issuer.signIn(openId.authorization(client(), trip));
    return openId.redeem(client(), trip, code, null);
  }

  private static Trip trip() {
    return new Trip(
        UUID.randomUUID().toString(),
        UUID.randomUUID().toString(),
        UUID.randomUUID().toString(),
        URI.create("https://pages.example.com/sign-in/sso/ours"),
        false);
  }

  private static long seconds(Map<String, Object> said, String claim) {
    return ((Number) Objects.requireNonNull(said.get(claim))).longValue();
  }

  private static String signed(
      JWSAlgorithm algorithm, String keyId, JWSSigner signer, Map<String, Object> said)
      throws JOSEException, ParseException {
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).keyID(keyId).build(), JWTClaimsSet.parse(said));
    jwt.sign(signer);
    return jwt.serialize();
  }

  private static String weaklySigned(RSAKey small, Map<String, Object> said)
      throws JOSEException, ParseException {
    return signed(
        JWSAlgorithm.RS256,
        small.getKeyID(),
        new RSASSASigner(small.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())),
        said);
  }

  private static final class MovedClock extends Clock {
    private Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("It shows UTC");
    }
  }
}
