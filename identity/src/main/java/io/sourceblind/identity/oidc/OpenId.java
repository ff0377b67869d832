// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// OpenID Connect, authorization code with PKCE: where a browser is sent, and what is made of what
/// it brings back. What providers publish is kept for an hour.
public final class OpenId {
  private static final Duration KEPT = Duration.ofHours(1);
  // So that tokens with made-up key ids make us ask no oftener.
  private static final Duration BETWEEN_READINGS = Duration.ofMinutes(1);
  private static final int MOST_KEPT = 1_000;
  // A session of ours is no longer, so a provider's word should be no older.
  private static final String OLDEST_PROOF = String.valueOf(Duration.ofHours(12).toSeconds());

  private final Outward outward;
  private final Clock clock;
  private final Set<Rule> rules;
  private final Map<URI, Provider> known = new ConcurrentHashMap<>();

  public OpenId(Outward outward, Clock clock) {
    this(outward, clock, EnumSet.allOf(Rule.class));
  }

  OpenId(Outward outward, Clock clock, Set<Rule> rules) {
    this.outward = outward;
    this.clock = clock;
    this.rules = EnumSet.copyOf(rules);
  }

  /// What a provider publishes about itself.
  private record Provider(
      URI authorization,
      URI token,
      @Nullable URI userinfo,
      boolean namesItself,
      boolean secretInForm,
      JWKSet keys,
      Instant read) {}

  /// Says whether an issuer can be asked.
  ///
  /// @throws NotAccepted if it cannot, with what is wrong
  public void check(URI issuer) {
    known.remove(issuer);
    provider(issuer);
  }

  /// Where a browser goes to show who it is.
  ///
  /// @throws NotAccepted if the provider cannot be asked
  public URI authorization(Client client, Trip trip) {
    var provider = provider(client.issuer());
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("response_type", "code");
    parameters.put("client_id", client.id());
    parameters.put("redirect_uri", trip.redirect().toString());
    parameters.put("scope", "openid email profile");
    parameters.put("state", trip.state());
    parameters.put("nonce", trip.nonce());
    parameters.put("code_challenge", challenge(trip.verifier()));
    parameters.put("code_challenge_method", "S256");
    parameters.put("max_age", trip.again() ? "0" : OLDEST_PROOF);
    if (trip.again()) {
      parameters.put("prompt", "login");
    }
    var query = Outward.encoded(parameters);
    var before = provider.authorization().getRawQuery();
    return URI.create(provider.authorization() + (before == null ? "?" : "&") + query);
  }

  /// Redeems what a browser brought back.
  ///
  /// @param issuer who the answer says it is from, if it says so
  /// @throws NotAccepted if it is not taken
  public Proven redeem(Client client, Trip trip, String code, @Nullable String issuer) {
    var provider = provider(client.issuer());
    if (issuer == null ? provider.namesItself() : !issuer.equals(client.issuer().toString())) {
      throw new NotAccepted("The answer is of another provider than the one that was asked.");
    }
    var form = new HashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", trip.redirect().toString());
    form.put("code_verifier", trip.verifier());
    var headers = new HashMap<String, String>();
    if (provider.secretInForm()) {
      form.put("client_id", client.id());
      form.put("client_secret", client.secret());
    } else {
      headers.put("Authorization", basic(client));
    }
    var answer = json(outward.post(provider.token(), form, headers));
    if (!(answer.get("id_token") instanceof String token)) {
      throw new NotAccepted("The provider gave no ID token.");
    }
    var claims = claims(client, provider, token, trip.nonce());
    var about = claims.toJSONObject();
    if (!about.containsKey("email")
        && provider.userinfo() != null
        && answer.get("access_token") instanceof String access) {
      about = told(provider.userinfo(), access, claims);
    }
    return proven(claims, about);
  }

  private JWTClaimsSet claims(Client client, Provider provider, String token, String nonce) {
    SignedJWT jwt;
    JWTClaimsSet claims;
    try {
      jwt = SignedJWT.parse(token);
      claims = jwt.getJWTClaimsSet();
    } catch (ParseException unsigned) {
      throw new NotAccepted("The provider's token is no signed token.", unsigned);
    }
    var keys = meant(jwt, provider.keys());
    if (keys.isEmpty()) {
      keys = meant(jwt, readAgain(client.issuer(), provider).keys());
    }
    var presented = new Rule.Presented(jwt, claims, keys, client, nonce, clock.instant());
    for (var rule : rules) {
      if (!rule.holds(presented)) {
        throw new NotAccepted(rule.fault());
      }
    }
    return claims;
  }

  private static List<JWK> meant(SignedJWT jwt, JWKSet keys) {
    var matcher = JWKMatcher.forJWSHeader(jwt.getHeader());
    return matcher == null ? List.of() : new JWKSelector(matcher).select(keys);
  }

  private static Proven proven(JWTClaimsSet claims, Map<String, Object> about) {
    var email = about.get("email") instanceof String address && isTheirs(about) ? address : null;
    var name = about.get("name") instanceof String called ? called : null;
    var methods =
        claims.getClaim("amr") instanceof List<?> words
            ? words.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .collect(Collectors.toUnmodifiableSet())
            : Set.<String>of();
    return new Proven(
        claims.getIssuer(),
        claims.getSubject(),
        email,
        name,
        claims.getClaim("auth_time") instanceof Number at
            ? Instant.ofEpochSecond(at.longValue())
            : null,
        methods,
        claims.getClaim("acr") instanceof String acr ? acr : null);
  }

  /// Entra has its own word for it.
  private static boolean isTheirs(Map<String, Object> about) {
    return Boolean.TRUE.equals(about.get("email_verified"))
        || Boolean.TRUE.equals(about.get("xms_edov"))
        || "1".equals(String.valueOf(about.get("xms_edov")));
  }

  /// Some providers keep an address out of the token.
  private Map<String, Object> told(URI userinfo, String access, JWTClaimsSet claims) {
    var told = json(outward.get(userinfo, Map.of("Authorization", "Bearer " + access)));
    if (!String.valueOf(claims.getSubject()).equals(told.get("sub"))) {
      throw new NotAccepted("The provider tells of somebody else than its token.");
    }
    return told;
  }

  private Provider provider(URI issuer) {
    var kept = known.get(issuer);
    if (kept != null && kept.read().plus(KEPT).isAfter(clock.instant())) {
      return kept;
    }
    if (known.size() >= MOST_KEPT) {
      known.clear();
    }
    var read = read(issuer);
    known.put(issuer, read);
    return read;
  }

  private Provider readAgain(URI issuer, Provider kept) {
    if (kept.read().plus(BETWEEN_READINGS).isAfter(clock.instant())) {
      return kept;
    }
    known.remove(issuer);
    return provider(issuer);
  }

  private Provider read(URI issuer) {
    outward.demandWellFormed(issuer);
    var place = issuer.toString().replaceAll("/$", "") + "/.well-known/openid-configuration";
    var published = json(outward.get(URI.create(place), Map.of()));
    if (!issuer.toString().equals(published.get("issuer"))) {
      throw new NotAccepted(
          "The provider calls itself otherwise; enter the issuer exactly as it publishes it.");
    }
    var keysAt = address(published, "jwks_uri");
    JWKSet keys;
    try {
      keys = JWKSet.parse(outward.get(keysAt, Map.of()));
    } catch (ParseException unreadable) {
      throw new NotAccepted("The provider's keys cannot be read.", unreadable);
    }
    var secretGoes = published.get("token_endpoint_auth_methods_supported");
    return new Provider(
        address(published, "authorization_endpoint"),
        address(published, "token_endpoint"),
        published.containsKey("userinfo_endpoint") ? address(published, "userinfo_endpoint") : null,
        Boolean.TRUE.equals(published.get("authorization_response_iss_parameter_supported")),
        secretGoes instanceof List<?> ways && !ways.contains("client_secret_basic"),
        keys,
        clock.instant());
  }

  private URI address(Map<String, Object> published, String name) {
    if (published.get(name) instanceof String address) {
      try {
        return outward.demandWellFormed(URI.create(address));
      } catch (IllegalArgumentException unreadable) {
        throw new NotAccepted("The provider's %s is no address.".formatted(name), unreadable);
      }
    }
    throw new NotAccepted("The provider publishes no %s.".formatted(name));
  }

  private static Map<String, Object> json(String text) {
    try {
      return JSONObjectUtils.parse(text);
    } catch (ParseException unreadable) {
      throw new NotAccepted("The provider's answer is no JSON.", unreadable);
    }
  }

  private static String basic(Client client) {
    var pair =
        URLEncoder.encode(client.id(), UTF_8) + ":" + URLEncoder.encode(client.secret(), UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private static String challenge(String verifier) {
    try {
      return Base64URL.encode(
              MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)))
          .toString();
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }
}
