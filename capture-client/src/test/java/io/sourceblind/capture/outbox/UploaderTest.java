// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploaderTest {

  /// What the server says to one batch.
  private interface Says {
    Reply to(List<String> batch);
  }

  private record Reply(int status, String body, String retryAfter) {}

  @TempDir Path temporary;
  private HttpServer http = start();
  private final List<List<String>> batches = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private Says says = UploaderTest::allAccepted;

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  @BeforeEach
  void aServer() {
    http.createContext(
        "/v1/events",
        exchange -> {
          String body =
              new String(
                  new GZIPInputStream(exchange.getRequestBody()).readAllBytes(),
                  StandardCharsets.UTF_8);
          List<String> batch = body.lines().toList();
          batches.add(batch);
          authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
          Reply reply = says.to(batch);
          if (!reply.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
          }
          byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void theServerStops() {
    http.stop(0);
  }

  private static Reply allAccepted(List<String> batch) {
    return verdicts(batch, "accepted", "");
  }

  private static Reply verdicts(List<String> batch, String verdict, String more) {
    List<String> events =
        batch.stream()
            .map(line ->
                "{\"event_id\":"
                    + WireJson.read(line).get("event_id")
                    + ",\"verdict\":\""
                    + verdict
                    + "\""
                    + more
                    + "}")
            .toList();
    return new Reply(
        200, "{\"events\":[" + String.join(",", events) + "],\"dropped_fields\":0}", "");
  }

  private Uploader uploader() {
    return new Uploader(
        URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
        "device-token",
        Clock.fixed(Events.AT, ZoneOffset.UTC),
        pauses::add,
        new Random(1));
  }

  private Outbox outboxOf(int events) throws IOException {
    Outbox outbox = Outbox.open(new CaptureFolder(temporary.resolve("home")), pause -> {});
    outbox.add(Events.gaps(0, events));
    return outbox;
  }

  @Test
  void everyEventIsSentOnceAndInBatches() throws IOException {
    try (Outbox outbox = outboxOf(1_201)) {
      Uploader.Report report = uploader().send(outbox);

      assertThat(report.accepted()).isEqualTo(1_201);
      assertThat(report.waiting()).isZero();
      assertThat(batches).extracting(List::size).containsExactly(500, 500, 201);
      assertThat(authorizations).containsOnly("Bearer device-token");
    }
  }

  @Test
  void duplicatesLeaveTheOutboxToo() throws IOException {
    says = batch -> verdicts(batch, "duplicate", "");
    try (Outbox outbox = outboxOf(3)) {
      assertThat(uploader().send(outbox).duplicates()).isEqualTo(3);
      assertThat(outbox.waiting()).isZero();
    }
  }

  @Test
  void refusedEventsGoToQuarantineWithFieldAndReason() throws IOException {
    says = batch -> verdicts(batch, "refused", ",\"field\":\"count\",\"reason\":\"too_large\"");
    try (Outbox outbox = outboxOf(2)) {
      Uploader.Report report = uploader().send(outbox);

      assertThat(report.refused()).isEqualTo(2);
      assertThat(report.reasons()).containsEntry("count: too_large", 2);
      assertThat(outbox.waiting()).isZero();
      assertThat(outbox.quarantined()).isEqualTo(2);
    }
    assertThat(Files.readString(temporary.resolve("home").resolve(Outbox.QUARANTINE)))
        .contains("\"field\":\"count\",\"reason\":\"too_large\",\"event\":{\"kind\"");
  }

  @Test
  void aBusyServerIsAskedAgainAndNotBeforeItSaid() throws IOException {
    says = batch -> batches.size() < 3 ? new Reply(429, "", "17") : allAccepted(batch);
    try (Outbox outbox = outboxOf(2)) {
      assertThat(uploader().send(outbox).accepted()).isEqualTo(2);
    }
    assertThat(pauses).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(17));
  }

  @Test
  void pausesGrow() throws IOException {
    says = batch -> new Reply(503, "", "");
    try (Outbox outbox = outboxOf(2)) {
      Uploader.Report report = uploader().send(outbox);

      assertThat(report.problem()).contains("503");
      assertThat(report.waiting()).isEqualTo(2);
    }
    assertThat(pauses).hasSize(4).isSorted();
    assertThat(pauses.get(3)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
  }

  @Test
  void anAnswerThatTryingAgainCannotMendStopsAtOnce() throws IOException {
    for (int status : new int[] {401, 403, 413, 415}) {
      says = batch -> new Reply(status, "", "");
      try (Outbox outbox =
          Outbox.open(new CaptureFolder(temporary.resolve("home" + status)), pause -> {})) {
        outbox.add(Events.gaps(0, 4));

        Uploader.Report report = uploader().send(outbox);

        assertThat(report.problem()).as("status " + status).isNotNull();
        assertThat(String.valueOf(report.problem())).doesNotContain("device-token");
        assertThat(outbox.waiting()).isEqualTo(4);
      }
    }
    assertThat(pauses).isEmpty();
  }

  @Test
  void aServerThatIsNotThereKeepsTheQueue() throws IOException {
    Uploader uploader = uploader();
    http.stop(0);
    try (Outbox outbox = outboxOf(4)) {
      Uploader.Report report = uploader.send(outbox);

      assertThat(report.problem()).startsWith("Cannot reach http://127.0.0.1");
      assertThat(report.waiting()).isEqualTo(4);
    }
  }

  @Test
  void anAnswerThatForgetsAnEventCrossesNothingOff() throws IOException {
    says = batch -> allAccepted(batch.subList(1, batch.size()));
    try (Outbox outbox = outboxOf(4)) {
      assertThat(uploader().send(outbox).problem()).isNotNull();
      assertThat(outbox.waiting()).isEqualTo(4);
    }
  }

  @Test
  void aServerThatStallsBehindItsHeadersIsGivenUp() throws IOException {
    try (ServerSocket stalling = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> stall(stalling));
      URI server = URI.create("http://127.0.0.1:" + stalling.getLocalPort());
      Uploader uploader =
          new Uploader(
              server, "t", Clock.systemUTC(), pauses::add, new Random(1), Duration.ofMillis(200));
      try (Outbox outbox = outboxOf(2)) {
        assertThat(uploader.send(outbox).problem()).contains("did not answer in time");
        assertThat(outbox.waiting()).isEqualTo(2);
      }
      assertThatThrownBy(() -> Enrolment.ask(server, "t", Duration.ofMillis(200)))
          .isInstanceOf(Enrolment.Refused.class)
          .hasMessageContaining("did not answer in time");
    }
  }

  @SuppressWarnings("resource") // Left open on purpose.
  private static void stall(ServerSocket server) {
    try {
      while (true) {
        server
            .accept()
            .getOutputStream()
            .write(
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException _) {
      // The test is over.
    }
  }

  @Test
  void anAnswerWithoutEndIsNotReadToIt() throws IOException {
    says = batch -> new Reply(200, "x".repeat(5 * 1024 * 1024), "");
    try (Outbox outbox = outboxOf(2)) {
      assertThat(uploader().send(outbox).problem()).contains("the connection broke");
    }
  }

  @Test
  void linesThatAreNoEventsGoAsideAndTheOthersGoOut() throws IOException {
    Path queue = temporary.resolve("home").resolve(Outbox.QUEUE);
    outboxOf(1).close();
    Files.writeString(queue, "\n  \nno json\n{\"a\":1}\n", StandardOpenOption.APPEND);
    Files.write(queue, new byte[] {(byte) 0xC3, '(', '\n'}, StandardOpenOption.APPEND);
    Files.write(queue, new byte[5_000], StandardOpenOption.APPEND);
    Files.writeString(queue, "\n" + "y".repeat(3_000_000) + "\n", StandardOpenOption.APPEND);
    try (Outbox outbox = Outbox.open(new CaptureFolder(temporary.resolve("home")), pause -> {})) {
      outbox.add(Events.gaps(1, 3));

      Uploader.Report report = uploader().send(outbox);

      assertThat(report.problem()).isNull();
      assertThat(report.accepted()).isEqualTo(4);
      assertThat(report.unreadable()).isEqualTo(5);
      assertThat(report.waiting()).isZero();
      assertThat(outbox.quarantined()).isEqualTo(5);
    }
  }

  @Test
  void wordsOfTheServerCannotSteerTheTerminal() throws IOException {
    says = batch -> verdicts(batch, "refused", ",\"field\":\"\\u001b[2Jx\",\"reason\":\"a b\"");
    try (Outbox outbox = outboxOf(1)) {
      assertThat(uploader().send(outbox).reasons()).containsOnlyKeys("unknown: unknown");
    }
  }

  @Test
  void whatTheServerTookIsToldEvenIfItCannotBeCrossedOff() throws IOException {
    says = batch -> verdicts(batch, "refused", ",\"field\":\"count\",\"reason\":\"too_large\"");
    try (Outbox outbox = outboxOf(2)) {
      Files.createDirectory(temporary.resolve("home").resolve(Outbox.QUARANTINE));

      Uploader.Report report = uploader().send(outbox);

      assertThat(report.problem()).contains("could not be crossed off");
      assertThat(report.waiting()).isEqualTo(2);
    }
  }

  @Test
  void whatTheServerGetsStandsInTheJournalByteForByte() throws IOException {
    CaptureFolder folder = new CaptureFolder(temporary.resolve("home"));
    List<String> written = new ArrayList<>();

    try (Outbox outbox = outboxOf(1_200)) {
      uploader().send(outbox);
    }

    Journal.Verdict verdict =
        Journal.read(folder, batch -> batch.sent().lines().forEach(written::add));
    assertThat(verdict).isEqualTo(new Journal.Verdict(1, 3, 1_200, 0, null));
    assertThat(written).containsExactlyElementsOf(batches.stream().flatMap(List::stream).toList());
  }

  @Test
  void whatCannotBeWrittenDownDoesNotLeave() throws IOException {
    try (Outbox outbox = outboxOf(2)) {
      Files.createDirectories(
          temporary.resolve("home").resolve(Journal.FILE).resolve("in the way"));

      Uploader.Report report = uploader().send(outbox);

      assertThat(report.problem()).contains("cannot be written down first");
      assertThat(report.waiting()).isEqualTo(2);
      assertThat(batches).isEmpty();
    }
  }
}
