// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.sourceblind.capture.MovedClock;
import io.sourceblind.capture.Samples;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.Pauses;
import io.sourceblind.capture.outbox.Unusable;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AgentIT {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TOKEN = "0".repeat(64);

  @TempDir Path temporary;
  // Files have the real time, so it begins there.
  private final MovedClock clock = new MovedClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  private Path projects = Path.of(".");
  private CaptureFolder folder = new CaptureFolder(Path.of("."));
  private @org.jspecify.annotations.Nullable Agent agent;

  @BeforeEach
  void anAgentBesideATool() throws IOException {
    projects = Files.createDirectories(temporary.resolve("home/.claude/projects/shop"));
    folder = new CaptureFolder(temporary.resolve("capture"));
    agent = start();
    clock.pass(Duration.ofSeconds(1));
  }

  @AfterEach
  void theAgentStops() throws IOException {
    agent().close();
  }

  private Agent agent() {
    return java.util.Objects.requireNonNull(agent);
  }

  private int port() {
    return agent().port().orElseThrow();
  }

  private Agent start() throws IOException {
    return start(0);
  }

  private Agent start(int port) throws IOException {
    return new Agent(
        folder,
        Samples.rules(CaptureProfile.PROSE, PathMode.RELATIVE),
        Places.of(temporary.resolve("home"), Map.of()),
        new AgentKeys(port, TOKEN),
        clock,
        pause -> {});
  }

  /// As after `kill -9`: nothing was told to close, and the next process finds the files.
  private void restart() throws IOException {
    agent().close();
    agent = start();
  }

  private void step() throws IOException, InterruptedException {
    clock.pass(Duration.ofSeconds(31));
    assertThat(agent().step(Duration.ofMillis(1))).isNull();
  }

  private void write(String session, String rows) throws IOException {
    Files.writeString(
        projects.resolve(session + ".jsonl"),
        rows,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private int post(String path, String authorization, byte[] body, String... headers)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
              .header("Authorization", authorization)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      if (headers.length > 0) {
        request.headers(headers);
      }
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEmpty();
      return answer.statusCode();
    }
  }

  private void hook(String payload) throws IOException, InterruptedException {
    assertThat(
            post(
                "/hook/claude_code/any",
                "Bearer " + TOKEN,
                payload.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(200);
  }

  private List<JsonNode> queued() throws IOException {
    Path outbox = folder.file("outbox.ndjson");
    return Files.exists(outbox)
        ? Files.readString(outbox).lines().map(JSON::readTree).toList()
        : List.of();
  }

  private List<JsonNode> queued(String kind) throws IOException {
    return queued().stream().filter(event -> event.get("kind").asString().equals(kind)).toList();
  }

  @Test
  void aFileIsReadOnWhereTheLastReadingEnded() throws Exception {
    write("s", Rows.prompt("s", clock.instant(), "why is it slow?"));
    step();
    write("s", Rows.call("s", clock.instant(), "c1"));
    String result = Rows.result("s", clock.instant(), "c1");
    write("s", result.substring(0, 40));
    step();

    assertThat(queued("prompt.submitted")).hasSize(1);
    assertThat(queued("tool.completed")).isEmpty();
    write("s", result.substring(40));
    step();
    assertThat(queued("prompt.submitted")).hasSize(1);
    assertThat(queued("tool.completed")).hasSize(1);
  }

  @Test
  void anAgentThatStartsAnewTellsNothingTwiceAndLosesNothing() throws Exception {
    write(
        "s",
        Rows.prompt("s", clock.instant(), "why is it slow?")
            + Rows.call("s", clock.instant(), "c1"));
    step();

    restart();
    write("s", Rows.result("s", clock.instant(), "c1"));
    step();

    assertThat(queued("session.started")).hasSize(1);
    assertThat(queued("prompt.submitted")).hasSize(1);
    assertThat(queued("tool.completed")).hasSize(1);
  }

  @Test
  void whatHappenedBeforeTheAgentWasThereIsNoBusinessOfIts() throws Exception {
    write("s", Rows.prompt("s", clock.instant().minusSeconds(7_200), "an old question"));
    write("s", Rows.prompt("s", clock.instant(), "a new question"));

    step();

    assertThat(queued("prompt.submitted"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("text").asString()).isEqualTo("a new question."));
  }

  @Test
  void theHookAndTheFileOfACallAreOneRecordWithTheTimeTheHookMeasured() throws Exception {
    hook(Rows.hook("s", "c1", 1_234));
    step();
    assertThat(queued("tool.completed")).isEmpty();

    write("s", Rows.call("s", clock.instant(), "c1") + Rows.result("s", clock.instant(), "c1"));
    step();
    clock.pass(Sieve.GRACE.plusSeconds(1));
    step();

    assertThat(queued("tool.completed"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.get("source").asString()).isEqualTo("transcript");
          assertThat(event.get("duration_ms").asInt()).isEqualTo(1_234);
        });
    assertThat(Files.size(folder.file("held.ndjson"))).isZero();
  }

  @Test
  void aCallThatNoFileTellsIsToldByItsHookAndByThatAlone() throws Exception {
    hook(Rows.hook("s", "c1", 7));
    clock.pass(Sieve.GRACE.plusSeconds(1));
    step();

    write("s", Rows.call("s", clock.instant(), "c1") + Rows.result("s", clock.instant(), "c1"));
    step();
    restart();
    step();

    assertThat(queued("tool.completed"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("source").asString()).isEqualTo("hook"));
    assertThat(queued("command.executed")).hasSize(1);
  }

  @Test
  void anAgentThatForgetsWhoToldTellsTwice() throws Exception {
    hook(Rows.hook("s", "c1", 7));
    clock.pass(Sieve.GRACE.plusSeconds(1));
    step();
    agent().close();
    Files.delete(folder.file("told"));
    agent = start();

    write("s", Rows.call("s", clock.instant(), "c1") + Rows.result("s", clock.instant(), "c1"));
    step();

    assertThat(queued("tool.completed")).hasSize(2);
  }

  @Test
  void whatAHookToldOutlivesTheAgentThatHeardIt() throws Exception {
    hook(Rows.hook("s", "c1", 7));
    hook(Rows.asked("s", "thanks"));

    restart();
    hook(Rows.ended("s"));
    step();

    assertThat(queued("tool.completed")).hasSize(1);
    assertThat(queued("prompt.submitted")).hasSize(1);
    assertThat(Files.size(folder.file("held.ndjson"))).isZero();
  }

  @Test
  void aPromptIsToldByTheFileWhereThereIsOne() throws Exception {
    hook(Rows.asked("s", "thanks"));
    write("s", Rows.prompt("s", clock.instant(), "thanks"));
    hook(Rows.ended("s"));

    step();

    assertThat(queued("prompt.submitted"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("source").asString()).isEqualTo("transcript"));
  }

  @Test
  void aSessionEndsWhenNothingCameForHalfAnHour() throws Exception {
    write("s", Rows.prompt("s", clock.instant(), "thanks"));
    step();
    clock.pass(Agent.IDLE.minusSeconds(120));
    step();
    assertThat(queued("session.ended")).isEmpty();

    clock.pass(Duration.ofMinutes(3));
    step();
    restart();
    step();

    assertThat(queued("session.ended"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("turns").asInt()).isEqualTo(1));
    assertThat(queued("turn.completed")).hasSize(1);
  }

  @Test
  void nothingOfAPauseIsEverQueued() throws Exception {
    Pauses.load(folder).from(clock.instant()).save(folder);
    write("s", Rows.prompt("s", clock.instant().plusSeconds(1), "a private question"));
    hook(Rows.asked("t", "another one"));
    step();
    Pauses.load(folder).until(clock.instant()).save(folder);
    restart();
    write("s", Rows.prompt("s", clock.instant().plusSeconds(1), "thanks"));
    hook(Rows.ended("t"));

    step();

    assertThat(queued("prompt.submitted"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("text").asString()).isEqualTo("thanks."));
  }

  @Test
  void aFileThatIsReplacedIsReadFromItsStart() throws Exception {
    write("s", Rows.prompt("s", clock.instant(), "the first question"));
    step();
    Files.delete(projects.resolve("s.jsonl"));
    write("s", Rows.prompt("t", clock.instant(), "hm"));

    step();

    assertThat(queued("prompt.submitted")).hasSize(2);
  }

  @Test
  void onlyWhoKnowsTheTokenIsHeardAndNoPageOfABrowser() throws Exception {
    byte[] payload = Rows.hook("s", "c1", 7).getBytes(StandardCharsets.UTF_8);

    assertThat(post("/hook/claude_code/x", "Bearer " + "1".repeat(64), payload)).isEqualTo(401);
    assertThat(
            post("/hook/claude_code/x", "Bearer " + TOKEN, payload, "Origin", "https://a.example"))
        .isEqualTo(403);
    assertThat(post("/elsewhere", "Bearer " + TOKEN, payload)).isEqualTo(404);
    assertThat(
            post(
                "/hook/claude_code/x",
                "Bearer " + TOKEN,
                "no json".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(200);

    assertThat(Files.size(folder.file("held.ndjson"))).isZero();
  }

  @Test
  void itListensOnTheLoopbackAddressOnly() throws Exception {
    InetAddress other =
        java.util.Collections.list(java.net.NetworkInterface.getNetworkInterfaces()).stream()
            .flatMap(java.net.NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .findFirst()
            .orElse(InetAddress.ofLiteral("::1"));

    assertThatThrownBy(() -> new Socket(other, port()).close()).isInstanceOf(IOException.class);
    new Socket(InetAddress.ofLiteral("127.0.0.1"), port()).close();
  }

  @Test
  void onlyItsUserMayReadWhatItKeeps() throws Exception {
    AgentKeys.of(folder, new java.util.Random(1));
    write("s", Rows.prompt("s", clock.instant(), "thanks"));
    step();

    try (var files = Files.list(folder.path())) {
      assertThat(files.toList())
          .hasSizeGreaterThan(5)
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  void aSecondAgentIsToldSo() {
    assertThatThrownBy(this::start)
        .isInstanceOf(Unusable.class)
        .hasMessage("Another agent runs already for this folder.");
  }

  @Test
  void logsOfASessionWithoutAFileTellOfItsCallsAndItsCost() throws Exception {
    byte[] logs =
        request(
                log(
                    "claude_code.api_request",
                    Map.of(
                        "session.id", "s",
                        "model", "claude-opus-4-1",
                        "input_tokens", "12",
                        "output_tokens", "34",
                        "request_id", "r1",
                        "user.email", "someone@example.com")),
                log(
                    "claude_code.tool_result",
                    Map.of(
                        "session.id", "s",
                        "tool_name", "Bash",
                        "tool_use_id", "c1",
                        "success", "true",
                        "duration_ms", "55",
                        "tool_parameters", "{\"full_command\":\"cat secret.txt\"}")))
            .toByteArray();

    assertThat(postLogs(logs)).isEqualTo(200);
    hook(Rows.ended("s"));
    step();

    assertThat(queued("model.usage"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.get("input_tokens").asInt()).isEqualTo(12);
          assertThat(event.get("output_tokens").asInt()).isEqualTo(34);
        });
    assertThat(queued("tool.completed"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("duration_ms").asInt()).isEqualTo(55));
    assertThat(queued().toString()).doesNotContain("example.com").doesNotContain("secret.txt");
  }

  @Test
  void aHookKnowsMoreOfACallThanALog() throws Exception {
    byte[] logs =
        request(
                log(
                    "claude_code.tool_result",
                    Map.of(
                        "session.id", "s",
                        "tool_name", "Bash",
                        "tool_use_id", "c1",
                        "success", "true")))
            .toByteArray();

    postLogs(logs);
    hook(Rows.hook("s", "c1", 7));
    restart();
    hook(Rows.ended("s"));
    step();

    assertThat(queued("tool.completed"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("source").asString()).isEqualTo("hook"));
  }

  @Test
  void anAgentWhosePortIsTakenFollowsFilesAndListensWhenItIsFree() throws Exception {
    agent().close();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      agent = start(other.getLocalPort());

      write("s", Rows.prompt("s", clock.instant(), "why is it slow?"));
      step();

      assertThat(agent().port()).isEmpty();
      assertThat(Agent.isDeaf(folder)).isTrue();
      assertThat(queued("prompt.submitted")).hasSize(1);
    }
    step();
    assertThat(agent().port()).isPresent();
    assertThat(Agent.isDeaf(folder)).isFalse();
  }

  @Test
  void anAgentDoesNotQueueForAServerItWasNotStartedFor() throws Exception {
    write("s", Rows.prompt("s", clock.instant(), "why is it slow?"));
    new Enrolment(
            URI.create("https://b.example"),
            new UUID(1, 2),
            Base64.getEncoder().encodeToString(new byte[32]),
            "prose",
            "relative")
        .save(folder);

    assertThatThrownBy(this::step).isInstanceOf(Agent.EnrolledAnew.class);

    assertThat(queued()).isEmpty();
  }

  private static String cursor(String text) {
    return "{\"role\":\"user\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\""
        + text
        + "\"}]}}\n";
  }

  private void writeCursor(String row) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("home/.cursor/projects/shop/t"));
    Files.writeString(
        folder.resolve("c.jsonl"), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void nothingOfAPauseIsQueuedFromAFileWithoutTimes() throws Exception {
    writeCursor(cursor("why is it slow?"));
    step();
    assertThat(queued("prompt.submitted")).hasSize(1);

    Pauses.load(folder).from(clock.instant()).save(folder);
    writeCursor(cursor("a private question"));
    step();
    writeCursor(cursor("another private question"));
    clock.pass(Duration.ofSeconds(1));
    Pauses.load(folder).until(clock.instant()).save(folder);
    step();
    writeCursor(cursor("thanks"));
    step();
    restart();
    step();

    assertThat(queued("prompt.submitted"))
        .extracting(event -> event.get("text").asString())
        .containsExactly("why is it slow?", "thanks.");
  }

  @Test
  void theSumsOfASessionThatHadAPauseStayHere() throws Exception {
    write("s", Rows.prompt("s", clock.instant(), "why is it slow?"));
    step();
    Pauses.load(folder).from(clock.instant()).save(folder);
    write("s", Rows.prompt("s", clock.instant().plusSeconds(1), "a private question"));
    step();
    Pauses.load(folder).until(clock.instant()).save(folder);
    write("s", Rows.prompt("s", clock.instant().plusSeconds(1), "thanks"));
    step();

    restart();
    clock.pass(Agent.IDLE.plusSeconds(60));
    step();

    assertThat(queued("prompt.submitted")).hasSize(2);
    assertThat(queued("session.ended")).isEmpty();
  }

  @Test
  void aLastLineThatNothingEndsIsReadWhenTheFileIsSilent() throws Exception {
    write("s", Rows.prompt("s", clock.instant(), "thanks").stripTrailing());
    step();
    assertThat(queued("prompt.submitted")).isEmpty();

    clock.pass(Agent.IDLE.plusSeconds(60));
    step();

    assertThat(queued("prompt.submitted")).hasSize(1);
  }

  @Test
  void theFolderOfAToolMayBeALink() throws Exception {
    Path elsewhere = temporary.resolve("elsewhere");
    Files.move(projects.getParent(), elsewhere);
    Files.createSymbolicLink(projects.getParent(), elsewhere);

    write("s", Rows.prompt("s", clock.instant(), "thanks"));
    step();

    assertThat(queued("prompt.submitted")).hasSize(1);
  }

  private int postLogs(byte[] logs, String... headers) throws IOException, InterruptedException {
    return post(
        "/v1/logs",
        "Bearer " + TOKEN,
        logs,
        headers.length > 0 ? headers : new String[] {"Content-Type", "application/x-protobuf"});
  }

  @Test
  void logsInAnotherFormAreRefusedRatherThanLost() throws Exception {
    assertThat(postLogs(new byte[0], "Content-Type", "application/json")).isEqualTo(415);
    assertThat(
            postLogs(
                new byte[0], "Content-Type", "application/x-protobuf", "Content-Encoding", "gzip"))
        .isEqualTo(415);
  }

  @Test
  void aHeldTextThatIsNoPlainProseIsNotTakenFromTheDisk() throws Exception {
    hook(Rows.asked("s", "thanks"));
    agent().close();
    Path held = folder.file("held.ndjson");
    Files.writeString(held, Files.readString(held).replace("thanks.", "int x = f(1);"));
    agent = start();

    hook(Rows.ended("s"));
    step();

    assertThat(queued("prompt.submitted")).isEmpty();
  }

  private LogRecord log(String name, Map<String, String> values) {
    LogRecord.Builder record =
        LogRecord.newBuilder()
            .setTimeUnixNano(clock.instant().toEpochMilli() * 1_000_000)
            .setSpanId(ByteString.EMPTY)
            .setBody(AnyValue.newBuilder().setStringValue(name));
    values.forEach((key, value) ->
        record.addAttributes(
            KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))));
    record.addAttributes(
        KeyValue.newBuilder()
            .setKey("event.name")
            .setValue(AnyValue.newBuilder().setStringValue(name.substring(name.indexOf('.') + 1))));
    return record.build();
  }

  private static ExportLogsServiceRequest request(LogRecord... records) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(List.of(records))))
        .build();
  }
}
