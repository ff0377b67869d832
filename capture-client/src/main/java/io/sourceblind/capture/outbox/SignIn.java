// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Signing in by the browser (RFC 8628): the server says a code, the engineer types it on the
/// server's page, and the client gets a short token and one to renew it with.
public final class SignIn {

  static final String FILE = "sign-in.json";
  static final String LOCK = "sign-in.lock";

  private static final String CLIENT = "capture";
  private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

  /// Before a token's end another is asked for.
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private static final Duration SLOWER = Duration.ofSeconds(5);

  private final URI server;
  private final Clock clock;
  private final Uploader.Sleeper sleeper;

  public SignIn(URI server, Clock clock, Uploader.Sleeper sleeper) {
    this.server = server;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /// What the engineer is told.
  ///
  /// @param userCode what is typed on the page
  /// @param page where
  public record Asked(
      String deviceCode, String userCode, URI page, Instant until, Duration interval) {

    /// The device's code is as good as a token.
    @Override
    public String toString() {
      return "Asked until " + until;
    }
  }

  /// What the server gave.
  ///
  /// @param until when the token ends
  public record Tokens(URI server, String access, String refresh, Instant until) {

    /// The tokens stay out of every message.
    @Override
    public String toString() {
      return "Tokens of " + server + " until " + until;
    }

    /// Saves them for the server that they are for.
    public void save(CaptureFolder folder, Enrolment enrolment) throws IOException {
      try (FileChannel file = folder.open(LOCK);
          FileLock lock = file.lock()) {
        write(folder, enrolment.whose(), lock);
      }
    }

    private void write(CaptureFolder folder, String whose, FileLock lock) throws IOException {
      if (!lock.isValid()) {
        throw new Unusable("The tokens could not be locked; try again.");
      }
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("server", server.toString());
      fields.put("access", access);
      fields.put("refresh", refresh);
      fields.put("until", until.toString());
      fields.put("whose", whose);
      folder.replace(FILE, WireJson.write(fields) + "\n");
    }
  }

  public Asked begin() throws Enrolment.Refused {
    Reply reply = post("/oauth2/device_authorization", Map.of("client_id", CLIENT));
    if (reply.status() != 200) {
      throw new Enrolment.Refused(
          server
              + " does not let programs sign in now (it answered "
              + reply.status()
              + "). Is it the address of the sign-in pages?");
    }
    try {
      JsonNode node = reply.body();
      String code = Enrolment.text(node, "user_code");
      URI page = URI.create(Enrolment.text(node, "verification_uri"));
      // Both are shown in a terminal; neither may steer it, nor lead to another place.
      boolean isShowable =
          code.matches("[A-Z0-9-]{4,20}")
              && Enrolment.isSafe(page)
              && server.getHost().equals(page.getHost());
      if (!isShowable) {
        throw new IllegalArgumentException("A page of this server was expected");
      }
      return new Asked(
          Enrolment.text(node, "device_code"),
          code,
          page,
          clock.instant().plusSeconds(seconds(node, "expires_in", 600)),
          Duration.ofSeconds(Math.clamp(seconds(node, "interval", 5), 1, 60)));
    } catch (IllegalArgumentException _) {
      throw new Enrolment.Refused(server + " answered something that is no sign-in.");
    }
  }

  /// Asks until the engineer has said yes or no, or the code has ended.
  public Tokens await(Asked asked) throws Enrolment.Refused, InterruptedException {
    Duration interval = asked.interval();
    while (clock.instant().isBefore(asked.until())) {
      sleeper.sleep(interval);
      Reply reply =
          post(
              "/oauth2/token",
              Map.of(
                  "client_id", CLIENT,
                  "grant_type", DEVICE_CODE,
                  "device_code", asked.deviceCode()));
      if (reply.status() == 200) {
        return tokens(reply.body());
      }
      switch (reply.error()) {
        case "authorization_pending" -> {
          // Not yet.
        }
        case "slow_down" -> interval = interval.plus(SLOWER);
        case "access_denied" -> throw new Enrolment.Refused("You said no on the page.");
        case "expired_token" -> throw expired();
        default ->
            throw new Enrolment.Refused(
                server + " answered " + reply.status() + " while waiting for you.");
      }
    }
    throw expired();
  }

  private static Enrolment.Refused expired() {
    return new Enrolment.Refused("The code has ended. Run `capture login` again.");
  }

  private Tokens tokens(JsonNode node) throws Enrolment.Refused {
    try {
      return new Tokens(
          server,
          token(node, "access_token"),
          token(node, "refresh_token"),
          clock.instant().plusSeconds(seconds(node, "expires_in", 0)));
    } catch (IllegalArgumentException _) {
      throw new Enrolment.Refused(server + " answered something that is no token.");
    }
  }

  private static String token(JsonNode node, String name) {
    String token = Enrolment.text(node, name);
    if (token.isEmpty()
        || token.length() > 4_096
        || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("A token is one word");
    }
    return token;
  }

  private static long seconds(JsonNode node, String name, long otherwise) {
    JsonNode value = node.get(name);
    return value != null && value.isIntegralNumber()
        ? Math.clamp(value.asLong(), 0, 365L * 86_400)
        : otherwise;
  }

  private record Reply(int status, JsonNode body) {
    String error() {
      JsonNode error = body.get("error");
      return error != null && error.isString() ? error.asString() : "";
    }
  }

  private Reply post(String path, Map<String, String> form) throws Enrolment.Refused {
    String body =
        form.entrySet().stream()
            .map(field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(Enrolment.at(server, path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      HttpResponse<String> response = Enrolment.answer(http, request, Exchange.TIMEOUT);
      boolean isBroken = response.statusCode() >= 500;
      return new Reply(response.statusCode(), WireJson.read(isBroken ? "{}" : response.body()));
    } catch (JacksonException _) {
      throw new Enrolment.Refused(server + " answered something that is no sign-in.");
    } catch (IOException unreachable) {
      throw new Enrolment.Refused(
          "Cannot reach " + server + " (" + Uploader.describe(unreachable) + ").");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Enrolment.Refused("Signing in was interrupted.");
    }
  }

  /// Forgets the tokens; returns whether there were any. Who renews them just then saves none.
  static boolean forget(CaptureFolder folder) throws IOException {
    if (folder.text(FILE) == null) {
      return false;
    }
    try (FileChannel file = folder.open(LOCK);
        FileLock lock = file.lock()) {
      return lock.isValid() && Files.deleteIfExists(folder.file(FILE));
    }
  }

  /// The token to use now: the saved one, or a new one where that has ended. Only one process at a
  /// time asks for it, because a token to renew with may be used once.
  static Optional<String> current(
      CaptureFolder folder, String whose, Clock clock, Uploader.Sleeper sleeper)
      throws IOException {
    Tokens saved = load(folder, whose);
    if (saved == null) {
      return Optional.empty();
    }
    if (isFresh(saved, clock)) {
      return Optional.of(saved.access());
    }
    try (FileChannel file = folder.open(LOCK);
        FileLock lock = file.lock()) {
      Tokens again = load(folder, whose);
      if (again == null) {
        return Optional.empty();
      }
      return Optional.of(
          isFresh(again, clock)
              ? again.access()
              : renewed(folder, whose, again, new SignIn(again.server(), clock, sleeper), lock));
    } catch (Enrolment.Refused refused) {
      throw new Unusable(String.valueOf(refused.getMessage()));
    }
  }

  private static String renewed(
      CaptureFolder folder, String whose, Tokens spent, SignIn signIn, FileLock lock)
      throws IOException, Enrolment.Refused {
    Reply reply =
        signIn.post(
            "/oauth2/token",
            Map.of(
                "client_id",
                CLIENT,
                "grant_type",
                "refresh_token",
                "refresh_token",
                spent.refresh()));
    if (reply.status() == 400 && reply.error().equals("invalid_grant")) {
      throw new Unusable("You are no longer signed in. Run: capture login");
    }
    if (reply.status() != 200) {
      throw new Unusable(
          spent.server() + " answered " + reply.status() + " when asked for a new token.");
    }
    Tokens fresh = signIn.tokens(reply.body());
    Tokens now = load(folder, whose);
    if (now == null || !now.refresh().equals(spent.refresh())) {
      // The lock may not hold on every disk; what was forgotten or replaced meanwhile stays so.
      throw new Unusable("The sign-in of this machine changed meanwhile; try again.");
    }
    fresh.write(folder, whose, lock);
    return fresh.access();
  }

  private static boolean isFresh(Tokens tokens, Clock clock) {
    return clock.instant().plus(AHEAD).isBefore(tokens.until());
  }

  private static @Nullable Tokens load(CaptureFolder folder, String whose) throws IOException {
    String json = folder.text(FILE);
    try {
      if (json == null) {
        return null;
      }
      JsonNode node = WireJson.read(json);
      URI server = URI.create(Enrolment.text(node, "server"));
      return Enrolment.isSafe(server) && Enrolment.text(node, "whose").equals(whose)
          ? new Tokens(
              server,
              token(node, "access"),
              token(node, "refresh"),
              Instant.parse(Enrolment.text(node, "until")))
          : null;
    } catch (JacksonException | IllegalArgumentException | DateTimeException _) {
      return null;
    }
  }
}
