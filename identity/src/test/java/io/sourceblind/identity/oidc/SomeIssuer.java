// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A provider on this machine, which signs what it is told to.
public final class SomeIssuer implements AutoCloseable {
  public static final String CLIENT = "sourceblind";
  public static final String SECRET = "a secret of: 40/characters+".replace(" ", "_");

  public final RSAKey key;
  public final List<JWK> published = new ArrayList<>();

  /// What is changed in what it publishes about itself.
  public Consumer<Map<String, Object>> discovery = _ -> {};

  /// What is changed in the claims of the next token.
  public Consumer<Map<String, Object>> claims = _ -> {};

  /// How the claims become a token.
  public Signer signer;

  /// What it says of whoever has the access token.
  public Map<String, Object> told = Map.of();

  public int tokens;
  public int keysRead;

  private final HttpServer server;
  private final Map<String, Map<String, String>> codes = new HashMap<>();
  private final String about = "employee-" + UUID.randomUUID();

  public SomeIssuer() {
    try {
      key = new RSAKeyGenerator(2048).keyID("one").generate();
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (JOSEException | IOException missing) {
      throw new IllegalStateException(missing);
    }
    published.add(key.toPublicJWK());
    signer = claims -> signed(key, JWSAlgorithm.RS256, claims);
    server.createContext("/", this::answer);
    server.start();
  }

  /// Makes a token of claims.
  @FunctionalInterface
  public interface Signer {
    String sign(Map<String, Object> claims) throws JOSEException, ParseException;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public Client client() {
    return new Client(address(), CLIENT, SECRET, null);
  }

  /// What a browser does there: somebody signs in, and is sent back with a code.
  public String signIn(URI authorization) {
    var asked = fields(String.valueOf(authorization.getRawQuery()));
    var code = UUID.randomUUID().toString();
    codes.put(code, asked);
    return code;
  }

  public static Map<String, String> fields(String form) {
    return Arrays.stream(form.split("&"))
        .map(field -> field.split("=", 2))
        .collect(
            Collectors.toMap(
                field -> field[0], field -> URLDecoder.decode(field[1], UTF_8), (one, _) -> one));
  }

  public static String signed(RSAKey key, JWSAlgorithm algorithm, Map<String, Object> claims)
      throws JOSEException, ParseException {
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(),
            JWTClaimsSet.parse(claims));
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private void answer(HttpExchange exchange) {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/.well-known/openid-configuration" -> send(exchange, 200, published());
        case "/keys" -> {
          keysRead++;
          send(exchange, 200, new JWKSet(published).toJSONObject());
        }
        case "/token" -> token(exchange);
        case "/userinfo" -> send(exchange, 200, told);
        default -> send(exchange, 404, Map.of());
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private Map<String, Object> published() {
    var all = new HashMap<String, Object>();
    all.put("issuer", address().toString());
    all.put("authorization_endpoint", address() + "/authorize?tenant=1");
    all.put("token_endpoint", address() + "/token");
    all.put("jwks_uri", address() + "/keys");
    discovery.accept(all);
    return all;
  }

  private void token(HttpExchange exchange) throws IOException {
    tokens++;
    var form = fields(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    var asked = codes.remove(form.getOrDefault("code", ""));
    if (asked == null
        || !isClient(exchange)
        || !hash(form.getOrDefault("code_verifier", "")).equals(asked.get("code_challenge"))
        || !String.valueOf(asked.get("redirect_uri")).equals(form.get("redirect_uri"))) {
      send(exchange, 400, Map.of("error", "invalid_grant"));
      return;
    }
    var now = System.currentTimeMillis() / 1000;
    var said = new HashMap<String, Object>();
    said.put("iss", address().toString());
    said.put("sub", about);
    said.put("aud", CLIENT);
    said.put("exp", now + 300);
    said.put("iat", now);
    said.put("auth_time", now);
    said.put("nonce", asked.get("nonce"));
    said.put("email", "engineer@example.com");
    said.put("email_verified", true);
    claims.accept(said);
    try {
      send(
          exchange,
          200,
          Map.of("id_token", signer.sign(said), "access_token", "a", "token_type", "Bearer"));
    } catch (JOSEException | ParseException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean isClient(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header == null || !header.startsWith("Basic ")) {
      return false;
    }
    var pair = new String(Base64.getDecoder().decode(header.substring(6)), UTF_8).split(":", 2);
    return URLDecoder.decode(pair[0], UTF_8).equals(CLIENT)
        && URLDecoder.decode(pair[1], UTF_8).equals(SECRET);
  }

  private static String hash(String verifier) {
    try {
      return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)))
          .toString();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static void send(HttpExchange exchange, int status, @Nullable Map<String, Object> body)
      throws IOException {
    var bytes = JSONObjectUtils.toJSONString(body).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
