// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Sends what waits in the outbox, batch by batch, and crosses off only what the server has
/// answered for.
public final class Uploader {

  static final int MOST_EVENTS = 500;
  static final int MOST_BYTES = 1024 * 1024;
  static final int ATTEMPTS = 5;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  private final URI server;
  private final String token;
  private final Clock clock;
  private final Sleeper sleeper;
  private final RandomGenerator random;
  private final Duration patience;

  /// Waits; a test does not.
  public interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  public Uploader(URI server, String token, Clock clock, Sleeper sleeper, RandomGenerator random) {
    this(server, token, clock, sleeper, random, Exchange.TIMEOUT);
  }

  Uploader(
      URI server,
      String token,
      Clock clock,
      Sleeper sleeper,
      RandomGenerator random,
      Duration patience) {
    this.server = server;
    this.token = token;
    this.clock = clock;
    this.sleeper = sleeper;
    this.random = random;
    this.patience = patience;
  }

  /// What became of the queue.
  ///
  /// @param accepted how many the server took
  /// @param duplicates how many it had already
  /// @param refused how many it would not have, and which went to quarantine
  /// @param reasons how often it gave which field and reason
  /// @param unreadable how many lines were no events and went to quarantine unsent
  /// @param waiting how many are still queued
  /// @param problem what kept the rest from being sent, or null
  public record Report(
      long accepted,
      long duplicates,
      long refused,
      Map<String, Integer> reasons,
      long unreadable,
      long waiting,
      @Nullable String problem) {}

  public Report send(Outbox outbox) throws IOException {
    long accepted = 0;
    long duplicates = 0;
    long refused = 0;
    Map<String, Integer> reasons = new HashMap<>();
    String problem = null;
    long unreadableBefore = outbox.unreadable();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      List<Outbox.Waiting> batch = outbox.next(MOST_EVENTS, MOST_BYTES);
      while (!batch.isEmpty() && problem == null) {
        // Written down before it leaves; what cannot be written down does not.
        String body = bodyOf(batch);
        outbox.leaving(clock.instant(), body);
        Answer answer = deliver(http, batch, body);
        problem = answer.problem();
        if (problem == null) {
          List<Outbox.Refused> aside = new ArrayList<>();
          for (int i = 0; i < batch.size(); i++) {
            Verdict verdict = answer.verdicts().get(i);
            switch (verdict.word()) {
              case "accepted" -> accepted++;
              case "duplicate" -> duplicates++;
              default -> {
                refused++;
                reasons.merge(verdict.field() + ": " + verdict.reason(), 1, Integer::sum);
                aside.add(
                    new Outbox.Refused(batch.get(i).json(), verdict.field(), verdict.reason()));
              }
            }
          }
          problem = crossOff(outbox, clock.instant(), aside, batch.get(batch.size() - 1).end());
          if (problem == null) {
            batch = outbox.next(MOST_EVENTS, MOST_BYTES);
          }
        }
      }
      // Closing would wait for what was given up.
      http.shutdownNow();
    } catch (OutboxFailure full) {
      problem = String.valueOf(full.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      problem = "Sending was interrupted.";
    }
    return new Report(
        accepted,
        duplicates,
        refused,
        Map.copyOf(reasons),
        outbox.unreadable() - unreadableBefore,
        outbox.waiting(),
        problem);
  }

  private static @Nullable String crossOff(
      Outbox outbox, Instant at, List<Outbox.Refused> aside, long end) {
    try {
      outbox.answered(at);
      // Put aside first: a crash in between sends them again, and does not lose them.
      outbox.quarantine(aside);
      outbox.done(end);
      return null;
    } catch (IOException | OutboxFailure _) {
      return "What the server took could not be crossed off, is the disk full? It is sent again"
          + " next time, which is harmless.";
    }
  }

  private record Verdict(String word, String field, String reason) {}

  private record Answer(List<Verdict> verdicts, @Nullable String problem) {}

  private Answer deliver(HttpClient http, List<Outbox.Waiting> batch, String body)
      throws InterruptedException {
    HttpRequest request = request(body);
    String last = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Duration wait = pause(attempt);
      try {
        HttpResponse<String> response = Exchange.send(http, request, patience);
        int status = response.statusCode();
        if (status == 200) {
          List<Verdict> verdicts = verdicts(response.body(), batch);
          if (verdicts != null) {
            return new Answer(verdicts, null);
          }
          last = "its answer does not name every event";
        } else {
          String final_ = finalProblem(status);
          if (final_ != null) {
            return new Answer(List.of(), final_);
          }
          last = "it answered " + status;
          wait = longer(wait, retryAfter(response));
        }
      } catch (IOException unreachable) {
        last = describe(unreachable);
      }
      if (attempt < ATTEMPTS) {
        sleeper.sleep(wait);
      }
    }
    return new Answer(
        List.of(), "Cannot reach " + server + " (" + last + ", " + ATTEMPTS + " attempts).");
  }

  private static String bodyOf(List<Outbox.Waiting> batch) {
    StringBuilder body = new StringBuilder();
    batch.forEach(record -> body.append(record.json()).append('\n'));
    return body.toString();
  }

  private HttpRequest request(String body) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new IllegalStateException("Packing in memory failed", impossible);
    }
    return HttpRequest.newBuilder(Enrolment.at(server, "/v1/events"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/x-ndjson")
        .header("Content-Encoding", "gzip")
        .header("Accept", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
        .build();
  }

  /// One verdict an event and in the order of the request, or null.
  private static @Nullable List<Verdict> verdicts(String body, List<Outbox.Waiting> batch) {
    JsonNode events;
    try {
      events = WireJson.read(body).get("events");
    } catch (JacksonException _) {
      return null;
    }
    if (events == null || !events.isArray() || events.size() != batch.size()) {
      return null;
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      JsonNode event = events.get(i);
      String id = word(event, "event_id", 36);
      String verdict = word(event, "verdict", 20);
      boolean known =
          verdict.equals("accepted") || verdict.equals("duplicate") || verdict.equals("refused");
      if (!known || !id.equals(batch.get(i).id())) {
        return null;
      }
      verdicts.add(new Verdict(verdict, shown(event, "field"), shown(event, "reason")));
    }
    return verdicts;
  }

  private static final Pattern SHOWN = Pattern.compile("[a-z_.0-9]{1,64}");

  /// A word of the server's that people will see; it must not steer their terminal.
  private static String shown(@Nullable JsonNode node, String name) {
    String text = word(node, name, 65);
    return SHOWN.matcher(text).matches() ? text : "unknown";
  }

  private static String word(@Nullable JsonNode node, String name, int most) {
    JsonNode value = node == null ? null : node.get(name);
    String text = value != null && value.isString() ? value.asString() : "";
    return text.length() > most ? text.substring(0, most) : text;
  }

  /// What trying again cannot mend.
  private @Nullable String finalProblem(int status) {
    return switch (status) {
      case 401 ->
          server + " does not know this device's token. Run `capture enroll` with a new one.";
      case 403 -> server + " does not let this device send events. Ask your administrator.";
      case 413 -> server + " finds the batch too large. Update the capture client.";
      case 415 -> server + " does not read this format. Update the capture client.";
      case 408, 425, 429 -> null;
      default ->
          status >= 500
              ? null
              : server + " answered " + status + ", which this client does not understand.";
    };
  }

  /// Doubles each time, with jitter so that many clients do not come back at once.
  private Duration pause(int attempt) {
    long full = FIRST_PAUSE.toMillis() << (attempt - 1);
    return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
  }

  private static Duration longer(Duration pause, @Nullable Duration asked) {
    if (asked == null || asked.compareTo(pause) <= 0) {
      return pause;
    }
    return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
  }

  private @Nullable Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("Retry-After").orElse("").strip();
    if (value.isEmpty()) {
      return null;
    }
    try {
      if (value.length() < 7 && value.chars().allMatch(Character::isDigit)) {
        return Duration.ofSeconds(Long.parseLong(value));
      }
      ZonedDateTime until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Duration.between(clock.instant(), until.toInstant());
    } catch (DateTimeException _) {
      return null;
    }
  }

  static String describe(IOException failure) {
    return switch (failure) {
      case java.net.http.HttpTimeoutException _ -> "it did not answer in time";
      case java.net.ConnectException _ -> "nothing answers there";
      case javax.net.ssl.SSLException _ -> "its certificate is not trusted";
      default -> "the connection broke";
    };
  }
}
