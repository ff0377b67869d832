// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What this machine was told when it was enrolled: where to send, as whom, and what may be
/// captured.
///
/// @param server where the server is
/// @param organization whose server it is
/// @param refKey the organization's key for refs, 32 bytes in base64
/// @param profile `prose` or `metadata`
/// @param pathPolicy `relative`, `hashed` or `extension`
public record Enrolment(
    URI server, UUID organization, String refKey, String profile, String pathPolicy) {

  static final String FILE = "enrolment.json";
  static final String TOKEN = "device-token";

  public Enrolment {
    if (!profile.matches("prose|metadata") || !pathPolicy.matches("relative|hashed|extension")) {
      throw new IllegalArgumentException(
          "The server asks for a capture profile or path policy that this client does not know");
    }
    if (Base64.getDecoder().decode(refKey).length != 32) {
      throw new IllegalArgumentException("The server issued a key for refs that has not 32 bytes");
    }
  }

  public byte[] key() {
    return Base64.getDecoder().decode(refKey);
  }

  /// A server is reached over TLS, unless it is this very machine, and its address says no more
  /// than where it is.
  public static boolean isSafe(URI server) {
    String host = server.getHost();
    String scheme = server.getScheme();
    if (host == null || scheme == null) {
      return false;
    }
    if (server.getRawUserInfo() != null
        || server.getRawQuery() != null
        || server.getRawFragment() != null
        || server.getPort() == 0
        || server.getPort() > 65_535) {
      return false;
    }
    boolean local = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    return scheme.toLowerCase(Locale.ROOT).equals("https")
        || (local && scheme.toLowerCase(Locale.ROOT).equals("http"));
  }

  static URI at(URI server, String path) {
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  /// Asks the server what it wants of the device that has this token.
  ///
  /// @throws Refused where the server says no or what it says makes no sense
  public static Enrolment ask(URI server, String token) throws Refused {
    return ask(server, token, Exchange.TIMEOUT);
  }

  static HttpResponse<String> answer(HttpClient http, HttpRequest request, Duration most)
      throws IOException, InterruptedException {
    try {
      return Exchange.send(http, request, most);
    } finally {
      // Closing would wait for what was given up.
      http.shutdownNow();
    }
  }

  static Enrolment ask(URI server, String token, Duration most) throws Refused {
    HttpRequest request =
        HttpRequest.newBuilder(at(server, "/v1/enrolment"))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .GET()
            .build();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      HttpResponse<String> response = answer(http, request, most);
      return switch (response.statusCode()) {
        case 200 -> read(server, response.body());
        case 401 ->
            throw new Refused(
                server + " does not know this token. Ask your administrator for a new one.");
        case 403 ->
            throw new Refused(server + " does not let this device enrol. Ask your administrator.");
        default ->
            throw new Refused(
                server
                    + " answered "
                    + response.statusCode()
                    + "; 200 was expected. Is it a Sourceblind server?");
      };
    } catch (IOException unreachable) {
      throw new Refused("Cannot reach " + server + " (" + Uploader.describe(unreachable) + ").");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Refused("Enrolling was interrupted.");
    }
  }

  private static Enrolment read(URI server, String json) throws Refused {
    try {
      JsonNode node = WireJson.read(json);
      return new Enrolment(
          server,
          UUID.fromString(text(node, "organization")),
          text(node, "ref_key"),
          text(node, "capture_profile"),
          text(node, "path_policy"));
    } catch (JacksonException | IllegalArgumentException _) {
      throw new Refused(
          server + " answered something that is no enrolment. Update the capture client.");
    }
  }

  static String text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException("An enrolment has a text in " + name);
    }
    return value.asString();
  }

  /// Why enrolling failed, as a sentence for people.
  public static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }

  /// Saves this with a token that was issued for the machine.
  public void save(CaptureFolder folder, String token) throws IOException {
    save(folder);
    folder.replace(TOKEN, token + "\n" + whose() + "\n");
    SignIn.forget(folder);
  }

  /// What stands beside a token or accepted rules, so that nobody takes them for another server's.
  String whose() {
    return server + " " + organization;
  }

  /// Saves this without a token, as where one is kept by signing in.
  public void save(CaptureFolder folder) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("server", server.toString());
    fields.put("organization", organization.toString());
    fields.put("ref_key", refKey);
    fields.put("capture_profile", profile);
    fields.put("path_policy", pathPolicy);
    folder.replace(FILE, WireJson.write(fields) + "\n");
  }

  /// What was saved, if this machine is enrolled.
  public static Optional<Enrolment> load(CaptureFolder folder) throws IOException {
    String json = folder.text(FILE);
    if (json == null) {
      return Optional.empty();
    }
    try {
      JsonNode node = WireJson.read(json);
      URI server = URI.create(text(node, "server"));
      return isSafe(server) ? Optional.of(read(server, json)) : Optional.empty();
    } catch (Refused | JacksonException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Forgets what was saved; returns whether there was anything.
  public static boolean forget(CaptureFolder folder) throws IOException {
    boolean token = Files.deleteIfExists(folder.file(TOKEN));
    token |= SignIn.forget(folder);
    return Files.deleteIfExists(folder.file(FILE)) || token;
  }

  /// The token to use now, if there is one for this server: that of signing in, renewed where it
  /// has ended, or the one that was issued for the machine.
  public Optional<String> token(CaptureFolder folder, Clock clock, Uploader.Sleeper sleeper)
      throws IOException {
    Optional<String> signedIn = SignIn.current(folder, whose(), clock, sleeper);
    if (signedIn.isPresent()) {
      return signedIn;
    }
    String text = folder.text(TOKEN);
    List<String> lines = text == null ? List.of() : text.lines().toList();
    return lines.size() == 2 && lines.get(1).equals(whose())
        ? Optional.of(lines.get(0))
        : Optional.empty();
  }

  /// The token stays out of every message.
  @Override
  public String toString() {
    return "Enrolment of " + organization + " at " + server;
  }
}
