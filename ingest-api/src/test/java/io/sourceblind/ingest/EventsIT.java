// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.micrometer.core.instrument.MeterRegistry;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Trees;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The service over HTTP, as a device meets it.
class EventsIT {
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";

  private static Site site;

  @BeforeAll
  static void start() {
    site = new Site();
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  @Test
  void anEventOfEachKindIsAcceptedAndStored() {
    var before = site.stored();
    var events = site.allowlist.kinds().keySet().stream().map(site::event).toList();

    var response = site.send(site.ours.token(), Site.lines(events));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Site.verdicts(response)).hasSize(15).containsOnly("accepted");
    assertThat(ids(response)).isEqualTo(ids(events));
    assertThat(Site.json(response).path("dropped_fields").asInt(-1)).isZero();
    assertThat(site.stored()).isEqualTo(before + 15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "x-gzip", "zstd"})
  void aBatchMayBeAnArrayAndPacked(String encoding) {
    var events = List.of(site.event("turn.failed"), site.event("capture.gap"));
    var plain = events.toString().getBytes(UTF_8);
    var body =
        switch (encoding) {
          case "identity" -> plain;
          case "zstd" -> Zstd.compress(plain);
          default -> Site.gzip(plain);
        };

    var response =
        site.send(
            site.ours.token(), body, Map.of("Content-Type", JSON, "Content-Encoding", encoding));

    assertThat(Site.verdicts(response)).containsExactly("accepted", "accepted");
  }

  @Test
  void aRetryIsHarmless() {
    var event = site.event("turn.failed");
    var twice = Site.lines(List.of(event, event));

    var first = site.send(site.ours.token(), twice);
    var stored = site.stored();
    var second = site.send(site.ours.token(), twice);

    assertThat(Site.verdicts(first)).containsExactly("accepted", "duplicate");
    assertThat(Site.verdicts(second)).containsExactly("duplicate", "duplicate");
    assertThat(site.stored()).isEqualTo(stored);
  }

  @Test
  void aBadEventDoesNotTakeTheOthersWithIt() {
    var good = site.event("turn.failed");
    var unfit = site.event("turn.failed").put("retries", 100);
    var unknown = site.event("turn.failed").put("kind", "turn.gone");

    var response =
        site.send(
            site.ours.token(),
            Site.lines(List.of(unfit))
                + "{\"half\":\n"
                + "\n\r\n"
                + "[]\n"
                + "{\"kind\":1,\"kind\":2}\n"
                + Site.lines(List.of(unknown))
                + "\u00ff{}\n"
                + "[".repeat(50)
                + "\n"
                + Site.lines(List.of(good)));

    assertThat(Site.verdicts(response))
        .containsExactly(
            "refused retries out_of_range",
            "refused line not_json",
            "refused event not_an_object",
            "refused line said_twice",
            "refused kind unknown_kind",
            "refused line not_json",
            "refused line too_deep_or_too_long",
            "accepted");
  }

  @Test
  void aBadElementDoesNotTakeTheOthersWithIt() {
    var good = site.event("turn.failed");
    var body =
        "[1, {\"kind\":{\"a\":[{\"b\":1,\"b\":2},3]},\"seq\":4}, %s]"
            .formatted(good)
            .getBytes(UTF_8);

    var response = site.send(site.ours.token(), body, Map.of("Content-Type", JSON));

    assertThat(Site.verdicts(response))
        .containsExactly("refused event not_an_object", "refused line said_twice", "accepted");
  }

  @Test
  void anUnlistedFieldIsDroppedAndCountedAndNeverStored() {
    var plain = site.event("turn.failed");
    var more = plain.deepCopy();
    more.put("last_assistant_message", "canary of source");
    more.put("Text", "canary of source");
    more.withObject("/redaction").put("removed", "canary of source");

    var response = site.send(site.ours.token(), Site.lines(List.of(more)));

    assertThat(Site.verdicts(response)).containsExactly("accepted");
    assertThat(Site.json(response).path("dropped_fields").asInt()).isEqualTo(3);
    assertThat(row(plain)).doesNotContain("canary");
    assertThat(
            site.part(MeterRegistry.class)
                .get("sourceblind.ingest.dropped")
                .tag("organization", site.ours.organization().toString())
                .tag("field", "last_assistant_message")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void whatIsLeftOutIsCountedForItsOrganizationByNamesThatAreKnown() {
    var sender = site.member("Counted");
    var unlisted = site.event("turn.failed").put("tool_input", "x").put("secret_in_a_name", 1);
    var refused = site.event("turn.failed").put("tool", "another");
    var broken = "{";

    site.send(
        sender.token(), Site.lines(List.of(unlisted, refused)) + broken + "\n" + broken + "\n");
    site.send(sender.token(), Site.lines(List.of(refused)));

    assertThat(
            site.superuser()
                .sql(
                    """
                    select field || ' ' || reason || ' ' || sum(times)
                      from release.left_out
                     where org_id = :org
                     group by field, reason
                     order by 1
                    """)
                .param("org", sender.organization())
                .query(String.class)
                .list())
        .containsExactly("line not_json 2", "tool not_on_the_list 2", "unlisted dropped 2");
  }

  @Test
  void whoseItIsComesFromTheTokenAlone() {
    var event = site.event("turn.failed");
    event.put("org_id", site.ours.organization().toString());
    event.put("person_id", site.ours.person().toString());
    event.put("organization", site.ours.organization().toString());

    var response = site.send(site.theirs.token(), Site.lines(List.of(event)));

    assertThat(Site.verdicts(response)).containsExactly("accepted");
    assertThat(row(event))
        .contains(site.theirs.organization().toString(), site.theirs.person().toString())
        .doesNotContain(site.ours.organization().toString());
  }

  @Test
  void theSameIdInAnotherOrganizationIsAnotherEvent() {
    var event = Site.lines(List.of(site.event("turn.failed")));

    var ours = site.send(site.ours.token(), event);
    var theirs = site.send(site.theirs.token(), event);

    assertThat(Site.verdicts(ours)).containsExactly("accepted");
    assertThat(Site.verdicts(theirs)).containsExactly("accepted");
  }

  @Test
  void anEventIsAtMost90DaysOld() {
    var now = Site.now();
    var old = Trees.needed(site.allowlist, "turn.failed", now.minus(Duration.ofDays(91)));
    var almost = Trees.needed(site.allowlist, "turn.failed", now.minus(Duration.ofDays(89)));
    var ahead = Trees.needed(site.allowlist, "turn.failed", now.plus(Duration.ofMinutes(6)));

    var response = site.send(site.ours.token(), Site.lines(List.of(old, almost, ahead)));

    assertThat(Site.verdicts(response))
        .containsExactly(
            "refused occurred_at too_old", "accepted", "refused occurred_at in_the_future");
  }

  @Test
  void equalBatchesAtOnceAreStoredOnce() throws Exception {
    var events = IntStream.range(0, 200).mapToObj(_ -> site.event("turn.failed")).toList();
    var before = site.stored();

    List<HttpResponse<String>> responses;
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<HttpResponse<String>> sending =
          () -> site.send(site.ours.token(), Site.lines(events));
      var sent = senders.invokeAll(List.of(sending, sending, sending, sending));
      responses =
          List.of(sent.get(0).get(), sent.get(1).get(), sent.get(2).get(), sent.get(3).get());
    }

    var accepted =
        responses.stream()
            .flatMap(response -> Site.verdicts(response).stream())
            .filter("accepted"::equals)
            .count();
    assertThat(responses).allMatch(response -> response.statusCode() == 200);
    assertThat(accepted).isEqualTo(200);
    assertThat(site.stored()).isEqualTo(before + 200);
  }

  @Test
  void anEmptyBatchIsTaken() {
    var response = site.send(site.ours.token(), "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Site.verdicts(response)).isEmpty();
  }

  @Test
  void aBatchHasAtMost1000Events() {
    var event = site.event("turn.failed");
    var thousand = "{}\n".repeat(999) + event;

    var enough = site.send(site.ours.token(), thousand);
    var tooMany = site.send(site.ours.token(), thousand + "\n{}");
    var array =
        site.send(
            site.ours.token(),
            Arrays.toString(new int[1_001]).getBytes(UTF_8),
            Map.of("Content-Type", JSON));

    assertThat(Site.verdicts(enough)).hasSize(1_000).endsWith("accepted");
    problem(tooMany, 413, "at most 1,000 events");
    problem(array, 413, "at most 1,000 events");
  }

  @Test
  void aBatchHasAtMostOneMebibyte() {
    var event = site.event("turn.failed").toString();
    var full = event + "\n" + " ".repeat((1 << 20) - event.length() - 1);

    var enough = site.send(site.ours.token(), full);
    var tooLarge = site.send(site.ours.token(), full + " ");

    assertThat(Site.verdicts(enough)).containsExactly("accepted");
    problem(tooLarge, 413, "at most 1,048,576 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aBombIsRefusedWhileItIsRead(String encoding) {
    var plain = new byte[10 << 20];
    Arrays.fill(plain, (byte) ' ');
    var bomb = encoding.equals("gzip") ? Site.gzip(plain) : Zstd.compress(plain);

    var response =
        site.send(
            site.ours.token(), bomb, Map.of("Content-Type", JSON, "Content-Encoding", encoding));

    assertThat(bomb.length).isLessThan(20_000);
    problem(response, 413, "at most 1,048,576 bytes");
  }

  @Test
  void aStreamThatUnpacksToNothingIsBoundedToo() {
    var header = new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};
    var emptyBlock = new byte[] {0, 0, 0, -1, -1};
    var endless = repeated(header, emptyBlock, 300_000);

    var response = stream(endless);

    problem(response, 413, "at most 1,048,576 bytes");
  }

  @Test
  void aStreamOfManyEmptyStreamsIsNone() {
    var many = repeated(new byte[0], Site.gzip(new byte[0]), 40_000);

    var response = stream(many);

    problem(response, 400, "Content-Encoding");
  }

  private static byte[] repeated(byte[] first, byte[] then, int times) {
    var bytes = Arrays.copyOf(first, first.length + then.length * times);
    for (var i = first.length; i < bytes.length; i++) {
      bytes[i] = then[(i - first.length) % then.length];
    }
    return bytes;
  }

  /// Sends without saying how much it is.
  private static HttpResponse<String> stream(byte[] packed) {
    return site.exchange(
        "POST",
        "/v1/events",
        site.ours.token(),
        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(packed)),
        Map.of("Content-Type", JSON, "Content-Encoding", "gzip"));
  }

  @Test
  void aBodyThatIsNotWhatItSaysStoresNothing() {
    var before = site.stored();
    var batch = Site.lines(List.of(site.event("turn.failed"), site.event("turn.failed")));
    var packed = Site.gzip(batch.getBytes(UTF_8));
    var cut = Arrays.copyOf(packed, packed.length - 12);
    var gzip = Map.of("Content-Type", Site.NDJSON, "Content-Encoding", "gzip");

    problem(site.send(site.ours.token(), cut, gzip), 400, "ends too early");
    problem(site.send(site.ours.token(), batch.getBytes(UTF_8), gzip), 400, "Content-Encoding");
    problem(
        site.send(
            site.ours.token(),
            new byte[] {1, 2, 3},
            Map.of("Content-Type", JSON, "Content-Encoding", "zstd")),
        400,
        "Content-Encoding");
    assertThat(site.stored()).isEqualTo(before);
  }

  @Test
  void aBodyThatEndsInTheMiddleStoresNothing() {
    var before = site.stored();
    var good = Site.lines(List.of(site.event("turn.failed")));
    var array = Map.of("Content-Type", JSON);

    problem(site.send(site.ours.token(), good + "{\"kind\":\"turn"), 400, "middle of a line");
    for (var body : List.of("[" + good, "[" + good + ",", "{}", "", "[] []", "[" + good + "}")) {
      assertThat(site.send(site.ours.token(), body.getBytes(UTF_8), array).statusCode())
          .as(body.substring(0, Math.min(3, body.length())))
          .isEqualTo(400);
    }
    problem(
        site.send(site.ours.token(), "[".repeat(100_000).getBytes(UTF_8), array),
        400,
        "nested too deeply");
    assertThat(site.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, , 415",
    "application/xml, , 415",
    "application/x-www-form-urlencoded, , 415",
    "canary, , 415",
    "application/json, br, 415",
    "application/json, 'gzip, gzip', 415"
  })
  void whatCannotBeReadIsSaid(String type, String encoding, int status) {
    var headers =
        encoding == null
            ? Map.of("Content-Type", type)
            : Map.of("Content-Type", type, "Content-Encoding", encoding);

    problem(site.send(site.ours.token(), new byte[] {'['}, headers), status, "");
  }

  @Test
  void aTokenThatOpensNothingIsRefused() {
    var batch = Site.lines(List.of(site.event("turn.failed")));
    var ours = site.ours;
    var revoked =
        site.mint(ours.organization(), ours.person(), CredentialKind.DEVICE, Duration.ofDays(1));
    site.revoke(ours.organization(), revoked.id());
    var expired =
        site.mint(ours.organization(), ours.person(), CredentialKind.DEVICE, Duration.ofDays(1));
    site.superuser()
        .sql(
            """
            update identity.credential
               set created_at = created_at - interval '2 days', expires_at = now() - interval '1 s'
             where id = :id
            """)
        .param("id", expired.id())
        .update();
    var api = site.mint(ours.organization(), ours.person(), CredentialKind.API, Duration.ofDays(1));

    for (var token :
        List.of("", "sbd_nonsense", revoked.secret(), expired.secret(), api.secret())) {
      var response = site.send(token, batch);

      problem(response, 401, "Authorization: Bearer");
      assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/events",
    "PUT, /v1/events",
    "DELETE, /v1/events",
    "POST, /v1/enrolment",
    "GET, /v1/canary",
    "GET, /actuator",
    "GET, /actuator/env",
    "GET, /actuator/metrics",
    "GET, /error",
    "GET, /"
  })
  void aDeviceMayNothingElse(String method, String path) {
    var with =
        site.exchange(
            method, path, site.ours.token(), HttpRequest.BodyPublishers.noBody(), Map.of());
    var without = site.exchange(method, path, "", HttpRequest.BodyPublishers.noBody(), Map.of());

    problem(with, 403, "nothing else");
    problem(without, 401, "");
    assertThat(with.body()).doesNotContain("canary");
  }

  @Test
  void aDeviceLearnsHowToCaptureAndThatIsAudited() {
    var before = entries();

    var response = site.get("/v1/enrolment", site.ours.token());

    var enrolment = Site.json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(enrolment.path("organization").asString())
        .isEqualTo(site.ours.organization().toString());
    assertThat(java.util.Base64.getDecoder().decode(enrolment.path("ref_key").asString()))
        .hasSize(32);
    assertThat(enrolment.path("capture_profile").asString()).isEqualTo("prose");
    assertThat(enrolment.path("path_policy").asString()).isEqualTo("relative");
    assertThat(entries()).isEqualTo(before + 1);
  }

  @Test
  void aDeviceLearnsByWhichRulesItsEventsAreTaken() throws Exception {
    var response = site.get("/v1/contract", site.ours.token());

    var contract = Site.json(response);
    assertThat(response.statusCode()).isEqualTo(200);
    try (var file = Allowlist.class.getResourceAsStream("allowlist.json")) {
      assertThat(contract.path("allowlist").asString())
          .isEqualTo(
              java.util.HexFormat.of()
                  .formatHex(
                      java.security.MessageDigest.getInstance("SHA-256")
                          .digest(java.util.Objects.requireNonNull(file).readAllBytes())));
    }
    assertThat(contract.path("database").asString()).matches("[0-9a-f]{64}");
    assertThat(site.get("/v1/contract", "").statusCode()).isEqualTo(401);
  }

  @Test
  void healthIsOpenAndSaysNoMoreThanNames() {
    var response = site.get("/actuator/health", "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Site.json(response).path("components").path("allowlist").path("status").asString())
        .isEqualTo("UP");
    assertThat(response.body()).doesNotContain("details", "PostgreSQL", "expiring");
  }

  @Test
  void daysWithNewEventsAreMarked() {
    var member = site.member("Marked");
    var yesterday = Site.now().minus(Duration.ofDays(1));
    var events =
        List.of(
            site.event("turn.failed"),
            site.event("turn.failed"),
            Trees.needed(site.allowlist, "turn.failed", yesterday));

    site.send(member.token(), Site.lines(events));
    site.send(member.token(), Site.lines(events));

    var marks =
        site.superuser()
            .sql("select count(*) from release.dirty_day where org_id = :org")
            .param("org", member.organization())
            .query(Long.class)
            .single();
    assertThat(marks).isEqualTo(2);
  }

  private static long entries() {
    return site.superuser()
        .sql("select count(*) from audit.entry where org_id = :org and action = 'enrolment.read'")
        .param("org", site.ours.organization())
        .query(Long.class)
        .single();
  }

  private static String row(ObjectNode event) {
    return site.superuser()
        .sql("select to_json(e)::text from capture.event e where event_id = :id")
        .param("id", UUID.fromString(event.path("event_id").stringValue()))
        .query(String.class)
        .single();
  }

  private static List<String> ids(HttpResponse<String> response) {
    return ids(Site.json(response).path("events").valueStream().toList());
  }

  private static List<String> ids(List<? extends JsonNode> events) {
    var ids = events.stream().map(event -> event.path("event_id").asString()).toList();
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
    return ids;
  }

  private static void problem(HttpResponse<String> response, int status, String detail) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue(PROBLEM);
    var problem = Site.json(response);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("type").asString()).isEqualTo("about:blank");
    assertThat(problem.path("title").asString()).isNotEmpty();
    assertThat(problem.path("detail").asString()).contains(detail);
  }
}
