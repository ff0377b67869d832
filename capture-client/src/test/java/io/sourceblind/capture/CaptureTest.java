// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class CaptureTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TOKEN = "sbd_0123456789abcdef";

  @TempDir Path temporary;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> received = new ArrayList<>();
  private HttpServer http = start();
  private String profile = "prose";
  private int eventsStatus = 200;
  private String allowlist = "a";

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  private String organization = "0199c0de-0000-7000-8000-000000000001";
  private int sleeps;

  private Ran capture(String in, String... args) {
    return Ran.capture(
        in,
        environment,
        temporary,
        Samples.CLOCK,
        pause -> {
          if (--sleeps == 0) {
            throw new InterruptedException("enough");
          }
        },
        args);
  }

  private Ran atATerminal(String... args) {
    return Ran.capture("", environment, temporary, Samples.CLOCK, pause -> {}, true, args);
  }

  private String server() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  @BeforeEach
  void aServer() {
    http.createContext(
        "/v1/enrolment",
        exchange -> {
          boolean known =
              ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body =
              ("{\"organization\":\""
                      + organization
                      + "\",\"ref_key\":\""
                      + Base64.getEncoder().encodeToString(new byte[32])
                      + "\",\"capture_profile\":\""
                      + profile
                      + "\",\"path_policy\":\"relative\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 401, known ? body.length : -1);
          if (known) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    http.createContext(
        "/v1/contract",
        exchange -> {
          byte[] body =
              ("{\"allowlist\":\""
                      + allowlist.repeat(64)
                      + "\",\"database\":\""
                      + "0".repeat(64)
                      + "\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.createContext(
        "/v1/events",
        exchange -> {
          List<String> lines =
              new String(
                      new GZIPInputStream(exchange.getRequestBody()).readAllBytes(),
                      StandardCharsets.UTF_8)
                  .lines()
                  .toList();
          List<String> verdicts =
              lines.stream()
                  .map(line ->
                      "{\"event_id\":"
                          + JSON.readTree(line).get("event_id")
                          + ",\"verdict\":\"accepted\"}")
                  .toList();
          byte[] body =
              ("{\"events\":[" + String.join(",", verdicts) + "],\"dropped_fields\":0}")
                  .getBytes(StandardCharsets.UTF_8);
          if (eventsStatus == 200) {
            received.addAll(lines);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          } else {
            exchange.sendResponseHeaders(eventsStatus, -1);
          }
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void theServerStops() {
    http.stop(0);
  }

  private void enrolled() {
    environment.put("CAPTURE_TOKEN", TOKEN);
    assertThat(capture("", "enroll", "--server", server()).code()).isZero();
  }

  @Test
  void everyCommandIsFoundUnderTheNameItHas() {
    Capture.COMMANDS.forEach((name, command) ->
        assertThat(command.getAnnotation(picocli.CommandLine.Command.class).name())
            .isEqualTo(name));
  }

  @Test
  void enrollingAsksForTheTokenAndKeepsItToItself() throws IOException {
    Ran ran = capture(TOKEN + "\n", "enroll", "--server", server());

    assertThat(ran.code()).isZero();
    assertThat(ran.out() + ran.err()).contains("Enrolled at").doesNotContain(TOKEN);
    assertThat(Files.readString(temporary.resolve(".sourceblind/device-token")).strip())
        .startsWith(TOKEN + "\n" + server() + " ");
  }

  @Test
  void aTokenTheServerDoesNotKnowEnrollsNobody() {
    Ran ran = capture("wrong-token\n", "enroll", "--server", server());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("does not know this token").doesNotContain("wrong-token");
    assertThat(temporary.resolve(".sourceblind/enrolment.json")).doesNotExist();
  }

  @Test
  void aServerWithoutTlsIsRefused() {
    Ran ran = capture("", "enroll", "--server", "http://sourceblind.example.com");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("https");
  }

  @Test
  void importingSendsWhatPreviewShowed() {
    enrolled();

    Ran preview = capture("", "preview", Samples.ours("shop.jsonl").toString());
    Ran imported = capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(preview.err()).contains("would be sent").contains("Nothing has left this machine.");
    assertThat(imported.code()).isZero();
    assertThat(imported.out())
        .contains("Read 1 file.")
        .contains(received.size() + " events sent to");
    assertThat(received).containsExactlyElementsOf(preview.out().lines().toList());
  }

  @Test
  void anOldSessionStaysHereUnlessItIsMovedToToday() throws IOException {
    enrolled();
    Path old = temporary.resolve("old.jsonl");
    Files.writeString(
        old,
        """
        {"type":"user","sessionId":"s","uuid":"u","timestamp":"2020-01-02T03:04:05.678Z","message":{"role":"user","content":"Why is it slow?"}}
        """);

    Ran asItIs = capture("", "import", old.toString());
    Ran moved = capture("", "import", "--as-if-today", old.toString());

    assertThat(asItIs.out()).contains("older than 90 days and stayed here");
    assertThat(moved.out()).doesNotContain("older than 90 days");
    assertThat(String.join("", received)).contains("T03:04:05.678Z").doesNotContain("2020-01-02");
  }

  @Test
  void previewShowsSideBySideWhatStaysHereAndByWhichRule() {
    Ran preview = capture("", "preview", "--side-by-side", Samples.ours("shop.jsonl").toString());
    Ran plain = capture("", "preview", Samples.ours("shop.jsonl").toString());

    assertThat(preview.out())
        .containsPattern("BigDecimal canaryInFence = price.* \\| +\\| a fence")
        .containsPattern("discount to the basket.* \\| .*basket.* \\| the alphabet");
    // The exact bytes stand there as ever.
    assertThat(preview.out().lines().filter(line -> line.startsWith("{")).count())
        .isEqualTo(plain.out().lines().count());
    assertThat(plain.out()).doesNotContain("canaryInFence");
  }

  @Test
  void aPersonSeesHowFarAnImportIsAndAProgramDoesNot() throws IOException {
    enrolled();
    Path sessions = Files.createDirectories(temporary.resolve("sessions"));
    for (String name : List.of("a.jsonl", "b.jsonl")) {
      Files.copy(Samples.ours("shop.jsonl"), sessions.resolve(name));
    }

    Ran watched = atATerminal("import", "--no-send", sessions.toString());
    Ran piped = capture("", "import", "--no-send", sessions.toString());

    assertThat(watched.err()).contains("\r[").contains("2 of 2 files").endsWith("\r");
    assertThat(piped.err()).doesNotContain("\r");
  }

  @Test
  void whatCommandsDidCanBeReadByPrograms() {
    enrolled();

    assertThat(capture("", "pause", "--json").out()).isEqualTo("{\"paused\":true}\n");
    assertThat(capture("", "resume", "--json").out()).isEqualTo("{\"paused\":false}\n");
    assertThat(capture("", "note", "it is late", "--json").out())
        .isEqualTo("{\"queued\":\"it is late.\"}\n");
    assertThat(capture("", "purge", "--yes", "--json").out())
        .isEqualTo("{\"deleted\":1,\"server_page\":\"" + server() + "/me/deletion\"}\n");
    assertThat(capture("", "hooks", "install", "--tool", "cursor", "--dry-run", "--json").out())
        .startsWith("{\"tool\":\"cursor\",\"file\":")
        .contains("\"changed\":false");
    assertThat(capture("", "logout", "--json").out()).isEqualTo("{\"forgotten\":true}\n");
  }

  @Test
  void enrollingAcceptingAndInstallingAnswerPrograms() {
    environment.put("CAPTURE_TOKEN", TOKEN);

    var enrolled = JSON.readTree(capture("", "enroll", "--server", server(), "--json").out());
    var known = JSON.readTree(capture("", "accept", "--json").out());
    allowlist = "b";
    Ran shown = capture("yes\n", "accept", "--json");
    String fingerprint = JSON.readTree(shown.out()).get("fingerprint").asString();
    Ran wrong = capture("", "accept", "0".repeat(64), "--json");
    Ran named = capture("", "accept", fingerprint, "--json");
    var installed =
        JSON.readTree(
            capture("", "install", "--service", "systemd", "--program", "/opt/capture", "--json")
                .out());

    assertThat(enrolled.get("server").asString()).isEqualTo(server());
    assertThat(enrolled.get("profile").asString()).isEqualTo("prose");
    assertThat(enrolled.get("rules_accepted").asBoolean()).isTrue();
    assertThat(known.get("accepted").asBoolean()).isTrue();
    assertThat(shown.code()).isEqualTo(1);
    assertThat(JSON.readTree(shown.out()).get("accepted").asBoolean()).isFalse();
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(JSON.readTree(wrong.out()).get("accepted").asBoolean()).isFalse();
    assertThat(named.code()).isZero();
    assertThat(JSON.readTree(named.out()).get("accepted").asBoolean()).isTrue();
    assertThat(Path.of(installed.get("file").asString())).exists();
    assertThat(installed.get("begin").asString()).startsWith("systemctl --user");
  }

  @Test
  void previewQueuesAndSendsNothing() throws IOException {
    enrolled();

    capture("", "preview", Samples.ours("shop.jsonl").toString());

    assertThat(received).isEmpty();
    assertThat(capture("", "status").out()).contains("0 events are queued.");
  }

  @Test
  void theStricterProfileOfTheTwoHolds() {
    profile = "metadata";
    enrolled();

    capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(received)
        .filteredOn(line -> line.contains("prompt.submitted"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).doesNotContain("\"text\""));
  }

  @Test
  void anEngineerMayAskForTheStricterProfile() {
    enrolled();

    capture("", "import", "--profile", "metadata", Samples.ours("shop.jsonl").toString());

    assertThat(received)
        .filteredOn(line -> line.contains("prompt.submitted"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).doesNotContain("\"text\""));
  }

  @Test
  void whenTheTokenIsNoLongerKnownTheQueueStays() {
    enrolled();
    eventsStatus = 401;

    Ran ran = capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("capture enroll").contains("stay queued");
    eventsStatus = 200;
    assertThat(capture("", "send").code()).isZero();
    assertThat(received).isNotEmpty();
  }

  @Test
  void aServerThatIsDownLosesNothing() {
    enrolled();
    http.stop(0);

    Ran ran = capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("Cannot reach").contains("stay queued; run again later.");
    assertThat(capture("", "status").out()).doesNotContain("0 events are queued");
  }

  @Test
  void withoutEnrolmentNothingIsImported() {
    Ran ran = capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("Run: capture login --server https://");
    assertThat(capture("", "doctor").out()).contains("Fix: capture login --server https://");
  }

  @Test
  void aNoteIsQueuedAsItWillLeave() {
    enrolled();

    Ran ran = capture("", "note", "we keep the old parser (for now)", "--about", "decision");

    assertThat(ran.out()).isEqualTo("Queued: we keep the old parser, for now\n");
    assertThat(capture("", "send").code()).isZero();
    assertThat(received)
        .singleElement()
        .satisfies(line ->
            assertThat(line).contains("rationale.recorded").contains("\"about\":\"decision\""));
  }

  @Test
  void redactIsAFilterForEveryone() {
    Ran ran = capture("{\"id\":\"a\",\"text\":\"why `x = 1;` here?\"}\n\nnot json\n", "redact");

    assertThat(ran.out()).isEqualTo("{\"id\":\"a\",\"text\":\"why [code removed] here?\"}\n");
    assertThat(ran.err()).contains("Line 3").doesNotContain("not json");
    assertThat(ran.code()).isEqualTo(1);
  }

  @Test
  void redactKnowsCommandsToo() {
    Ran ran =
        capture(
            "{\"id\":\"a\",\"text\":\"git commit -m 'secret words' && ls -la /home/x\"}\n",
            "redact",
            "--commands");

    assertThat(ran.out()).isEqualTo("{\"id\":\"a\",\"text\":\"git commit -m\\nls -la\"}\n");
  }

  @Test
  void aWrongUseSaysSoWithoutRepeatingIt() {
    Ran ran = capture("", "import", "--token=very-secret-value", "x");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("capture import --help").doesNotContain("very-secret-value");
  }

  @Test
  void theLauncherNamesTheVersion() {
    Ran otherwise = capture("", "--version");
    System.setProperty("jpackage.app-version", "9.8.7");
    Ran named;
    try {
      named = capture("", "--version");
    } finally {
      System.clearProperty("jpackage.app-version");
    }

    assertThat(named.out()).isEqualTo("capture 9.8.7\n");
    assertThat(otherwise.out()).isNotEqualTo(named.out());
  }

  @Test
  void everyCommandShowsAnExample() {
    for (String command :
        List.of(
            "login", "enroll", "import", "send", "preview", "redact", "status", "note", "agent",
            "install", "hooks", "accept", "pause", "resume", "mine", "verify", "purge", "doctor",
            "logout")) {
      Ran ran = capture("", command, "--help");

      assertThat(ran.code()).as(command).isZero();
      assertThat(ran.out()).as(command).contains("Example: capture " + command);
    }
  }

  @Test
  void aStoredServerWithoutTlsIsNoEnrolment() throws IOException {
    enrolled();
    Path file = temporary.resolve(".sourceblind/enrolment.json");
    Files.writeString(
        file, Files.readString(file).replace(server(), "http://sourceblind.example.com"));

    Ran ran = capture("", "send");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("not enrolled");
  }

  @Test
  void aServerAddressSaysNoMoreThanWhereItIs() {
    for (String server :
        List.of(
            "https://me:hunter2@example.com",
            "https://example.com/?hunter2=1",
            "https://example.com/#hunter2",
            "https://example.com:99999",
            "https://example.com:0",
            "https://example.com:hunter2")) {
      Ran ran = capture("", "enroll", "--server", server);

      assertThat(ran.code()).as(server).isEqualTo(2);
      assertThat(ran.err()).doesNotContain("hunter2");
    }
  }

  @Test
  void aFileThatCannotBeReadDoesNotStopTheOthers() {
    enrolled();
    Path unreadable = Path.of("/proc/self/mem");
    org.assertj.core.api.Assumptions.assumeThat(unreadable).exists();

    Ran ran = capture("", "import", unreadable.toString(), Samples.ours("shop.jsonl").toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("Could not be read: /proc/self/mem");
    assertThat(received).isNotEmpty();
  }

  @Test
  void eventsFromTheFutureStayHere() throws IOException {
    enrolled();
    Path ahead = temporary.resolve("ahead.jsonl");
    Files.writeString(
        ahead,
        """
        {"type":"user","sessionId":"s","uuid":"u","timestamp":"2026-11-22T00:06:00.000Z","message":{"role":"user","content":"Why is it slow?"}}
        """);

    Ran ran = capture("", "import", ahead.toString());

    assertThat(ran.out()).contains("2 events lie more than 5 minutes ahead and stayed here");
    assertThat(received).isEmpty();
  }

  @Test
  void aLineThatIsTooLongToRedactIsNamed() {
    Ran ran =
        capture("x".repeat(17 * 1024 * 1024) + "\n{\"id\":\"a\",\"text\":\"thanks.\"}\n", "redact");

    assertThat(ran.out()).isEqualTo("{\"id\":\"a\",\"text\":\"thanks.\"}\n");
    assertThat(ran.err()).isEqualTo("Line 1 is longer than 16 MiB; nothing was written for it.\n");
    assertThat(ran.code()).isEqualTo(1);
  }

  @Test
  void installingWritesAServiceOfThisUserAndSaysInFiveLinesWhatIsCaptured() throws IOException {
    enrolled();

    environment.put("CLAUDE_CONFIG_DIR", "/srv/c%d");
    environment.put("OTHER", "not said");

    Ran ran =
        capture(
            "",
            "install",
            "--service",
            "systemd",
            "--program",
            "/opt/a b/100%/capture",
            "--profile",
            "metadata",
            "--watch",
            "/srv/shop");

    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines()).hasSize(5);
    assertThat(ran.out()).contains("Do not paste").contains("Never captured");
    assertThat(
            Files.readString(temporary.resolve(".config/systemd/user/sourceblind-capture.service")))
        .contains("ExecStart=\"/opt/a b/100%%/capture\" \"agent\" \"--home\"")
        .contains("\"--profile\" \"metadata\" \"--watch\" \"/srv/shop\"")
        .contains("Environment=\"CLAUDE_CONFIG_DIR=/srv/c%%d\"\n")
        .doesNotContain("not said")
        .contains("Restart=on-failure");
  }

  @Test
  void theServiceOfMacOsIsAPropertyListThatParses() throws Exception {
    enrolled();

    Ran ran = capture("", "install", "--service", "launchd", "--program", "/opt/a&b/capture");

    assertThat(ran.code()).isZero();
    javax.xml.parsers.DocumentBuilderFactory parsers =
        javax.xml.parsers.DocumentBuilderFactory.newInstance();
    parsers.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    assertThat(
            parsers
                .newDocumentBuilder()
                .parse(
                    temporary.resolve("Library/LaunchAgents/io.sourceblind.capture.plist").toFile())
                .getElementsByTagName("string")
                .item(1)
                .getTextContent())
        .isEqualTo("/opt/a&b/capture");
  }

  @Test
  void aServerWhoseRulesChangeIsSentNothingUntilTheyAreAccepted() {
    enrolled();
    allowlist = "b";

    Ran ran = capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .contains("rules changed since you accepted them: the list of fields it lets in.")
        .contains("capture accept")
        .contains("stay queued");
    assertThat(received).isEmpty();
    assertThat(capture("", "accept").err()).contains("Nothing was accepted");
    assertThat(capture("", "accept", "0".repeat(64)).err()).contains("not the rules you named");
    assertThat(capture("", "send").code()).isEqualTo(1);
    assertThat(capture("yes\n", "accept").out()).contains("b".repeat(64)).contains("Accepted");
    assertThat(capture("", "send").code()).isZero();
    assertThat(received).isNotEmpty();
  }

  @Test
  void enrollingAgainKeepsTheRulesThatWereAcceptedAndSaysSo() throws IOException {
    enrolled();
    Path file = temporary.resolve(".sourceblind/contract.json");
    String accepted = Files.readString(file);
    allowlist = "b";

    capture("", "logout");
    Ran again = capture("", "enroll", "--server", server());

    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("rules changed since you accepted them").contains("it shows ");
    assertThat(Files.readString(file)).isEqualTo(accepted);
    String named = again.err().replaceAll("(?s).*it shows ([0-9a-f]{64}).*", "$1");
    assertThat(capture("", "accept", named).out()).contains("Accepted");
  }

  @Test
  void whatWaitsForOneOrganizationIsNotSentToAnother() {
    enrolled();
    capture("", "note", "why not");
    organization = "0199c0de-0000-7000-8000-000000000002";

    Ran other = capture("", "enroll", "--server", server());

    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("Events of another organization wait here");
    assertThat(capture("", "status").out()).contains("000000000001");
    assertThat(capture("yes\n", "purge").code()).isZero();
    assertThat(capture("", "enroll", "--server", server()).code()).isZero();
  }

  @Test
  void aQueueOfAnotherOrganizationStaysWhereItIs() throws IOException {
    enrolled();
    capture("", "note", "why not");
    Path file = temporary.resolve(".sourceblind/enrolment.json");
    Files.writeString(file, Files.readString(file).replace("000000000001", "000000000002"));

    Ran ran = capture("", "send");

    assertThat(ran.err()).contains("Events of another organization wait here");
    assertThat(received).isEmpty();
  }

  @Test
  void aTokenOfOneServerIsNotGivenToAnother() throws IOException {
    enrolled();
    capture("", "note", "why not");
    Path file = temporary.resolve(".sourceblind/enrolment.json");
    Files.writeString(file, Files.readString(file).replace(server(), server() + "/other"));

    Ran ran = capture("", "send");

    assertThat(ran.err()).contains("This machine has no token");
    assertThat(received).isEmpty();
  }

  @Test
  void anAgentThatIsNotEnrolledWaits() {
    sleeps = 3;

    Ran ran = capture("", "agent");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(ran.code()).isZero();
    assertThat(ran.err().lines()).singleElement().asString().contains("the agent waits");
  }

  @Test
  void anAgentTellsProgramsWhatItDoes() {
    sleeps = 3;

    Ran ran = capture("", "agent", "--json");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(ran.out()).isEqualTo("{\"agent\":\"waits\"}\n");
  }

  @Test
  void whatWasWrittenAroundAPauseWithoutTimesIsNotImported() throws IOException {
    enrolled();
    Path file = temporary.resolve("c.jsonl");
    Files.writeString(
        file,
        "{\"role\":\"user\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"Why?\"}]}}\n");
    Instant begin = Samples.CLOCK.instant();
    Files.setLastModifiedTime(file, FileTime.from(begin.minusSeconds(60)));
    capture("", "pause");
    capture("", "resume");

    Ran before = capture("", "import", "--no-send", file.toString());
    Files.setLastModifiedTime(file, FileTime.from(begin.minusSeconds(30)));
    Files.writeString(
        temporary.resolve(".sourceblind/pauses"),
        begin.minusSeconds(40) + " " + begin.minusSeconds(20) + "\n");
    Ran after = capture("", "import", "--no-send", file.toString());

    assertThat(before.err()).doesNotContain("written around a pause");
    assertThat(after.err()).contains("written around a pause");
    assertThat(after.out()).contains("0 events queued");
  }

  @Test
  void anEnrolmentWithoutAcceptedRulesSendsNothing() throws IOException {
    enrolled();
    Files.delete(temporary.resolve(".sourceblind/contract.json"));

    Ran ran = capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(ran.err()).contains("not accepted the server's rules yet");
    assertThat(received).isEmpty();
  }

  @Test
  void whatHappenedInAPauseIsNotImportedLater() throws IOException {
    enrolled();
    Path file = temporary.resolve("s.jsonl");
    Files.writeString(
        file,
        """
        {"type":"user","sessionId":"s","uuid":"u","timestamp":"2026-11-22T00:00:01.000Z","message":{"role":"user","content":"Why is it slow?"}}
        """);

    assertThat(capture("", "pause").out()).contains("Paused");
    Ran paused = capture("", "import", file.toString());

    assertThat(paused.out()).contains("2 events of a pause stayed here.");
    assertThat(received).isEmpty();
    assertThat(capture("", "resume").out()).contains("Capturing again");
    assertThat(capture("", "resume").out()).contains("There is no pause");
  }

  @Test
  void mineShowsWhatTheServerGotAndVerifyFindsItWhole() {
    enrolled();
    capture("", "import", Samples.ours("shop.jsonl").toString());

    assertThat(capture("", "mine").out())
        .contains("1 batch with " + received.size() + " events")
        .contains("sha256");
    assertThat(capture("", "mine", "--batch", "2").code()).isEqualTo(1);
    assertThat(capture("", "mine", "--json").out()).startsWith("{\"batch\":1,");
    assertThat(capture("", "mine", "--batch", "1").out().lines())
        .containsExactlyElementsOf(received);
    assertThat(capture("", "export").out().lines()).containsExactlyElementsOf(received);
    Ran verified = capture("", "verify");
    assertThat(verified.out())
        .contains("from number 1 to its noted end, each entry of the journal names the one before")
        .contains("Of 2 texts, 2 are plain prose.");
    assertThat(verified.code()).isZero();
  }

  @Test
  void aJournalThatWasChangedIsNoProof() throws IOException {
    enrolled();
    capture("", "import", Samples.ours("shop.jsonl").toString());
    Path journal = temporary.resolve(".sourceblind/journal.ndjson");
    Files.writeString(
        journal, Files.readString(journal).replace("prompt.submitted", "prompt.forged"));

    assertThat(capture("", "verify").code()).isEqualTo(1);
    assertThat(capture("", "mine").err()).contains("is not what was written");
  }

  @Test
  void purgingAsksAndThenLeavesNothingHere() {
    enrolled();
    capture("", "import", Samples.ours("shop.jsonl").toString());
    capture("", "note", "why not");

    assertThat(capture("no\n", "purge").out()).contains("Nothing was deleted");
    assertThat(capture("", "status").out()).contains("1 event is queued");
    Ran purged = capture("yes\n", "purge");

    assertThat(purged.out()).contains("1 queued event").contains("/me/deletion");
    assertThat(capture("", "status").out()).contains("0 events are queued");
    assertThat(capture("", "mine").out()).contains("0 batches");
  }

  @Test
  void afterLoggingOutNothingIsSentAndWhatIsQueuedStays() {
    enrolled();
    capture("", "note", "why not");

    assertThat(capture("", "logout").out()).contains("Forgotten");

    assertThat(capture("", "send").err()).contains("not enrolled");
    assertThat(temporary.resolve(".sourceblind/device-token")).doesNotExist();
    enrolled();
    assertThat(capture("", "send").code()).isZero();
    assertThat(received).hasSize(1);
  }

  @Test
  void theDoctorNamesWhatIsWrongAndTheFix() throws IOException {
    enrolled();
    Files.createDirectories(temporary.resolve(".claude/projects"));
    Files.writeString(temporary.resolve(".claude/settings.json"), "{ broken");
    allowlist = "b";
    capture("", "pause");

    Ran ran = capture("", "doctor");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains("rules: the server's rules are not those you accepted. Fix: look at them, then:")
        .contains("pause: capturing is paused. Fix: capture resume")
        .contains("agent: no agent runs. Fix: capture install")
        .contains("hooks of claude_code")
        .contains("4 things to mend.")
        .doesNotContain("enrolment:");
    assertThat(capture("", "doctor", "--json").out())
        .contains("{\"what\":\"enrolment\",\"well\":true,\"trouble\":\"\",\"fix\":\"\"}");
  }

  @Test
  void completionIsAScriptForTheShell() {
    assertThat(capture("", "completion").out()).contains("complete -F").contains("--dry-run");
  }

  @Test
  void statusCountsWhatWasTakenOutAndSaysItToProgramsToo() {
    enrolled();
    capture(
        "",
        "note",
        "it says `int x = f(1);` and my key is AKIAIOSFODNN7EXAMPLE, mail me@example.org");
    capture("", "send");

    assertThat(capture("", "status").out())
        .contains("Taken out of what was sent: 1 piece of source or output, 1 secret, 1 piece of")
        .contains("No agent runs.");
    var json = JSON.readTree(capture("", "status", "--json").out());
    assertThat(json.get("queued").asInt()).isZero();
    assertThat(json.get("removed_secrets").asInt()).isEqualTo(1);
  }

  @Test
  void importAndSendAnswerProgramsInLinesOfJson() {
    enrolled();

    Ran ran = capture("", "import", "--json", Samples.ours("shop.jsonl").toString());

    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(JSON.readTree(lines.get(0)).get("queued").asInt()).isEqualTo(received.size());
    assertThat(JSON.readTree(lines.get(1)).get("accepted").asInt()).isEqualTo(received.size());
    assertThat(JSON.readTree(capture("", "send", "--json").out()).get("waiting").asInt()).isZero();
  }
}
