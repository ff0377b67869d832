// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sourceblind.analytics.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// A provider on this machine that says of whoever comes that they are the one it was told of. What
/// liars say is told in `identity`.
public final class SomeProvider implements AutoCloseable {
  public static final String SECRET = "secret-that-ends-in-wxyz";

  /// Whom it speaks of next.
  public String email = "engineer@example.com";

  private final RSAKey key;
  private final HttpServer server;
  private final Map<String, String> nonces = new ConcurrentHashMap<>();

  public SomeProvider() {
    try {
      key = new RSAKeyGenerator(2048).keyID("one").generate();
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (JOSEException | IOException missing) {
      throw new IllegalStateException(missing);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What a browser brings back that was sent here.
  Map<String, String> signIn(String address) {
    var asked = fields(String.valueOf(URI.create(address).getRawQuery()));
    var code = UUID.randomUUID().toString();
    nonces.put(code, String.valueOf(asked.get("nonce")));
    return Map.of("code", code, "state", String.valueOf(asked.get("state")));
  }

  private static Map<String, String> fields(String form) {
    return Arrays.stream(form.split("&"))
        .map(field -> field.split("=", 2))
        .collect(Collectors.toMap(field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Object body =
          switch (exchange.getRequestURI().getPath()) {
            case "/keys" -> new JWKSet(key.toPublicJWK()).toJSONObject();
            case "/token" ->
                Map.of(
                    "id_token",
                    token(fields(new String(exchange.getRequestBody().readAllBytes(), UTF_8))));
            default ->
                Map.of(
                    "issuer", address(),
                    "authorization_endpoint", address() + "/authorize",
                    "token_endpoint", address() + "/token",
                    "jwks_uri", address() + "/keys");
          };
      var bytes = World.JSON.writeValueAsBytes(body);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String token(Map<String, String> form) {
    var now = Instant.now();
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(),
            new JWTClaimsSet.Builder()
                .issuer(address())
                .subject("subject of " + email)
                .audience("pages")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .claim("auth_time", now.getEpochSecond())
                .claim("nonce", nonces.remove(form.get("code")))
                .claim("email", email)
                .claim("email_verified", true)
                .build());
    try {
      jwt.sign(new RSASSASigner(key));
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
    return jwt.serialize();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
