// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How much, how often, how slowly and how many at once.
class LimitsIT {
  private static Site site;

  @BeforeAll
  static void start() {
    site =
        new Site(
            "ingest.per-device=4",
            "ingest.per-organization=6",
            "ingest.upload-time=1s",
            "ingest.at-once=1",
            "server.tomcat.connection-timeout=1s");
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void aDeviceThatSendsTooOftenIsToldWhenToComeBack() {
    var member = site.member("Often");
    for (var i = 0; i < 4; i++) {
      assertThat(site.send(member.token(), "").statusCode()).isEqualTo(200);
    }

    var response = site.send(member.token(), "");

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(retryAfter(response)).isBetween(1L, 60L);
    assertThat(response.body()).contains("Send fewer and larger batches");
    assertThat(site.get("/v1/enrolment", member.token()).statusCode()).isEqualTo(429);
  }

  @Test
  void anOrganizationIsBoundedAsAWhole() {
    var first = site.member("Many");
    var second = site.colleague(first.organization());
    for (var i = 0; i < 3; i++) {
      site.send(first.token(), "");
      site.send(second.token(), "");
    }

    assertThat(site.send(second.token(), "").statusCode()).isEqualTo(429);
    assertThat(site.send(site.ours.token(), "").statusCode()).isEqualTo(200);
  }

  @Test
  void aClientThatDripsIsCutOff() throws IOException, InterruptedException {
    var member = site.member("Slow");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), site.port())) {
      socket.setSoTimeout(20_000);
      var out = socket.getOutputStream();
      out.write(
          """
          POST /v1/events HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/x-ndjson\r
          Content-Length: 1000\r
          \r
          """
              .formatted(member.token())
              .getBytes(US_ASCII));
      for (var i = 0; i < 6; i++) {
        out.write(' ');
        out.flush();
        Thread.sleep(Duration.ofMillis(250));
      }

      var answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);

      assertThat(answer).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void whoFindsNoPlaceIsToldToComeBack()
      throws SQLException, InterruptedException, ExecutionException {
    var first = site.member("First");
    var second = site.member("Second");
    Future<HttpResponse<String>> waiting;
    try (var senders = Executors.newVirtualThreadPerTaskExecutor();
        var connection = site.database.superuser().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table capture.event in access exclusive mode");
      var batch = Site.lines(List.of(site.event("turn.failed")));
      waiting = senders.submit(() -> site.send(first.token(), batch));
      site.awaitABatchThatWaits();

      var response = site.send(second.token(), batch);

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(retryAfter(response)).isPositive();
      connection.rollback();
    }
    assertThat(Site.verdicts(waiting.get())).containsExactly("accepted");
  }

  private static long retryAfter(HttpResponse<String> response) {
    return response.headers().firstValueAsLong("Retry-After").orElse(-1);
  }
}
