// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.Samples;
import io.sourceblind.capture.redact.Guard;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.PathMode;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.ToolClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every reader is held against the same contract, on small sessions of ours in which each field
/// that must not leave says canary.
class SourceKitTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  /// @param counts how many events of each kind it holds, counted by hand
  record Sample(String name, Tool tool, Map<String, Integer> counts) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Sample sample(String name, Tool tool, String counts) {
    Map<String, Integer> expected = new TreeMap<>();
    for (String pair : counts.split(" ", -1)) {
      int equals = pair.indexOf('=');
      expected.put(pair.substring(0, equals), Integer.valueOf(pair.substring(equals + 1)));
    }
    return new Sample(name, tool, expected);
  }

  static Stream<Sample> samples() {
    return Stream.of(
        sample(
            "sources/codex/rollout-shop.jsonl",
            Tool.CODEX,
            "session.started=1 prompt.submitted=1 tool.completed=3 command.executed=1 check.completed=1 model.usage=1 file.touched=2 turn.completed=1 context.compacted=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/gemini-cli/session-shop.json",
            Tool.GEMINI_CLI,
            "session.started=1 prompt.submitted=1 tool.completed=3 command.executed=1 check.completed=1 permission.decided=1 model.usage=2 file.touched=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/gemini-cli/session-lines.jsonl",
            Tool.GEMINI_CLI,
            "session.started=1 prompt.submitted=1 tool.completed=3 command.executed=1 check.completed=1 permission.decided=1 model.usage=2 file.touched=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/cursor/shop.jsonl",
            Tool.CURSOR,
            "session.started=1 prompt.submitted=2 tool.completed=2 command.executed=1 file.touched=1 turn.completed=2 session.ended=1 capture.gap=1"),
        sample(
            "sources/copilot-cli/events.jsonl",
            Tool.COPILOT_CLI,
            "session.started=1 prompt.submitted=1 tool.completed=3 command.executed=1 check.completed=1 permission.decided=1 turn.failed=1 context.compacted=1 model.usage=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/vscode-copilot/GitHub.copilot-chat/transcripts/shop.jsonl",
            Tool.VSCODE_COPILOT,
            "session.started=1 prompt.submitted=1 tool.completed=3 command.executed=1 check.completed=1 permission.decided=1 turn.failed=1 context.compacted=1 model.usage=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/vscode-copilot/chatSessions/chat.json",
            Tool.VSCODE_COPILOT,
            "session.started=1 prompt.submitted=1 tool.completed=1 file.touched=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/vscode-copilot/chatSessions/changes.jsonl",
            Tool.VSCODE_COPILOT,
            "session.started=1 prompt.submitted=1 tool.completed=1 file.touched=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/opencode/storage/message/ses_1/msg_1.json",
            Tool.OPENCODE,
            "session.started=1 prompt.submitted=1 tool.completed=2 command.executed=1 check.completed=1 file.touched=1 model.usage=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/aider/.aider.chat.history.md",
            Tool.AIDER,
            "session.started=2 prompt.submitted=3 turn.completed=3 model.usage=1 file.touched=1 turn.failed=1 session.ended=2"),
        sample(
            "sources/aider/analytics.jsonl",
            Tool.AIDER,
            "session.started=1 model.usage=1 turn.failed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/windsurf/trajectory-1.jsonl",
            Tool.WINDSURF,
            "session.started=1 prompt.submitted=1 tool.completed=4 command.executed=1 file.touched=2 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/amp/T-1.json",
            Tool.AMP,
            "session.started=1 prompt.submitted=1 tool.completed=3 file.touched=2 model.usage=2 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/goose/20261120_1.jsonl",
            Tool.GOOSE,
            "session.started=1 prompt.submitted=1 tool.completed=3 command.executed=1 check.completed=1 file.touched=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/droid/session-1.jsonl",
            Tool.DROID,
            "session.started=1 prompt.submitted=1 tool.completed=2 command.executed=1 file.touched=2 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/pi/session-1.jsonl",
            Tool.PI,
            "session.started=1 prompt.submitted=1 tool.completed=2 command.executed=1 check.completed=1 file.touched=1 model.usage=2 context.compacted=1 turn.completed=1 session.ended=1 capture.gap=1"),
        sample(
            "sources/specstory/2026-11-20_10-00-00Z.md",
            Tool.OTHER,
            "session.started=1 prompt.submitted=2 tool.completed=2 command.executed=1 file.touched=1 turn.completed=2 session.ended=1"));
  }

  /// Files without times take those of the file, which a checkout sets to now.
  @BeforeEach
  void theSamplesAreOld() throws IOException {
    for (String name : List.of("cursor/shop.jsonl", "windsurf/trajectory-1.jsonl")) {
      Files.setLastModifiedTime(
          Samples.of("sources/" + name), FileTime.from(Instant.parse("2026-11-20T10:00:00Z")));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theReaderOfTheToolKnowsTheFileAndNoOtherDoes(Sample sample) throws IOException {
    Head head = Head.of(Samples.of(sample.name()));
    List<Tool> known = new ArrayList<>();
    for (SourceReader reader : Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE).readers()) {
      if (reader.reads(head)) {
        known.add(reader.tool());
      }
    }

    assertThat(known).containsExactly(sample.tool());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyEventIsThereOnceAndNoOther(Sample sample) throws IOException {
    assertThat(SourceKit.counts(SourceKit.read(Samples.of(sample.name()), CaptureProfile.PROSE)))
        .isEqualTo(sample.counts());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void nothingThatMustStayLeaves(Sample sample) throws IOException {
    List<CapturedEvent> prose = SourceKit.read(Samples.of(sample.name()), CaptureProfile.PROSE);
    List<CapturedEvent> numbers =
        SourceKit.read(Samples.of(sample.name()), CaptureProfile.METADATA);

    assertThat(SourceKit.wire(prose).toLowerCase(Locale.ROOT))
        .doesNotContain("canary")
        .doesNotContain("someone");
    assertThat(SourceKit.leaks(SourceKit.pieces(Samples.of(sample.name())), numbers)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void readingTwiceGivesTheSameIds(Sample sample) throws IOException {
    SourceKit.idsAreStable(Samples.of(sample.name()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aFileMayEndAnywhere(Sample sample) throws IOException {
    SourceKit.anyBeginningIsRead(Samples.of(sample.name()), folder, 40);
  }

  /// Those of a record a line; a file without times has others wherever it is copied to.
  static Stream<Sample> timedLines() {
    return samples()
        .filter(sample -> sample.name().endsWith(".jsonl"))
        .filter(sample -> sample.tool() != Tool.CURSOR && sample.tool() != Tool.WINDSURF)
        .filter(sample -> !sample.name().endsWith("changes.jsonl"));
  }

  @ParameterizedTest
  @MethodSource("timedLines")
  void whatAToolAddsOvernightIsAGapAtMost(Sample sample) throws IOException {
    SourceKit.driftIsAGap(Samples.of(sample.name()), folder);
  }

  // ---- databases, made here

  @Test
  void aDatabaseOfOpenCodeTellsWhatItsFolderToldBefore() throws Exception {
    Path database = openCode(folder.resolve("opencode.db"));

    List<CapturedEvent> events = SourceKit.read(database, CaptureProfile.PROSE);

    Map<String, Integer> folderCounts =
        SourceKit.counts(
            SourceKit.read(
                Samples.of("sources/opencode/storage/message/ses_1/msg_1.json"),
                CaptureProfile.PROSE));
    assertThat(SourceKit.counts(events)).isEqualTo(folderCounts);
    assertThat(SourceKit.wire(events).toLowerCase(Locale.ROOT)).doesNotContain("canary");
    SourceKit.idsAreStable(database);
  }

  @Test
  void readingADatabaseChangesNothingOfIt() throws Exception {
    Path database = openCode(folder.resolve("opencode.db"));
    byte[] before = Files.readAllBytes(database);

    SourceKit.read(database, CaptureProfile.PROSE);

    assertThat(Files.readAllBytes(database)).isEqualTo(before);
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside).containsExactly(database);
    }
  }

  @Test
  void aDatabaseOfGooseTellsWhatItsFilesToldBefore() throws Exception {
    Path database = goose(folder.resolve("sessions.db"));

    List<CapturedEvent> events = SourceKit.read(database, CaptureProfile.PROSE);

    assertThat(SourceKit.counts(events))
        .isEqualTo(
            SourceKit.counts(
                SourceKit.read(
                    Samples.of("sources/goose/20261120_1.jsonl"), CaptureProfile.PROSE)));
    assertThat(SourceKit.wire(events).toLowerCase(Locale.ROOT)).doesNotContain("canary");
  }

  @Test
  void aDatabaseThatIsCutOffIsAGapOrNothing() throws Exception {
    byte[] whole = Files.readAllBytes(openCode(folder.resolve("opencode.db")));
    for (int length = 100; length < whole.length; length += whole.length / 12) {
      Path cut = folder.resolve("cut" + length + ".db");
      Files.write(cut, java.util.Arrays.copyOf(whole, length));

      assertThat(SourceKit.wire(SourceKit.read(cut, CaptureProfile.PROSE)))
          .doesNotContain("canary");
    }
  }

  private static Path openCode(Path file) throws IOException, SQLException {
    Path storage = Samples.of("sources/opencode/storage/session/proj/ses_1.json");
    for (int i = 0; i < 3; i++) {
      storage = java.util.Objects.requireNonNull(storage.getParent());
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "create table session (id text primary key, project_id text, parent_id text, slug text, directory text, title text, version text, time_created integer, time_updated integer)");
      statement.executeUpdate(
          "create table message (id text primary key, session_id text, time_created integer, time_updated integer, data text)");
      statement.executeUpdate(
          "create table part (id text primary key, message_id text, session_id text, time_created integer, time_updated integer, data text)");
      JsonNode session = JSON.readTree(storage.resolve("session/proj/ses_1.json").toFile());
      statement.executeUpdate(
          "insert into session values ('ses_1', 'proj', null, 'canary', '"
              + session.path("directory").asString()
              + "', 'canary title', '1.3.17', 1, 1)");
      try (PreparedStatement message =
              connection.prepareStatement("insert into message values (?, 'ses_1', ?, 1, ?)");
          PreparedStatement part =
              connection.prepareStatement("insert into part values (?, ?, 'ses_1', ?, 1, ?)");
          Stream<Path> messages = Files.list(storage.resolve("message/ses_1"));
          Stream<Path> parts = Files.walk(storage.resolve("part"))) {
        for (Path one : messages.sorted().toList()) {
          JsonNode node = JSON.readTree(one.toFile());
          message.setString(1, node.path("id").asString());
          message.setLong(2, node.path("time").path("created").asLong());
          message.setString(3, node.toString());
          message.executeUpdate();
        }
        int number = 0;
        for (Path one : parts.filter(Files::isRegularFile).sorted().toList()) {
          JsonNode node = JSON.readTree(one.toFile());
          part.setString(1, node.path("id").asString());
          part.setString(2, node.path("messageID").asString());
          part.setLong(3, ++number);
          part.setString(4, node.toString());
          part.executeUpdate();
        }
      }
    }
    return file;
  }

  private static Path goose(Path file) throws IOException, SQLException {
    List<String> lines = Files.readAllLines(Samples.of("sources/goose/20261120_1.jsonl"));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "create table sessions (id text primary key, description text, working_dir text)");
      statement.executeUpdate(
          "create table messages (id integer primary key autoincrement, message_id text, session_id text, role text, content_json text, created_timestamp integer, metadata_json text)");
      statement.executeUpdate(
          "insert into sessions values ('20261120_1', 'canary', '/home/someone/work/shop')");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into messages (session_id, role, content_json, created_timestamp) values ('20261120_1', ?, ?, ?)")) {
        for (String line : lines.subList(1, lines.size())) {
          JsonNode row = JSON.readTree(line);
          insert.setString(1, row.path("role").asString());
          insert.setString(2, row.path("content").toString());
          insert.setLong(3, row.path("created").asLong());
          insert.executeUpdate();
        }
      }
    }
    return file;
  }

  // ---- the twins: the kit finds what a careless reader would let through

  @Test
  void aReaderThatLetAFieldThroughWouldBeFound() throws IOException {
    Path file = Samples.of("sources/codex/rollout-shop.jsonl");
    List<CapturedEvent> events = SourceKit.read(file, CaptureProfile.METADATA);
    CapturedEvent.ToolCompleted honest = only(events, CapturedEvent.ToolCompleted.class).get(0);
    List<CapturedEvent> careless = new ArrayList<>(events);
    careless.add(
        new CapturedEvent.ToolCompleted(
            honest.envelope(),
            ToolClass.SHELL,
            "canary user instructions",
            Status.OK,
            1,
            1,
            1,
            null,
            null,
            null));

    assertThat(SourceKit.leaks(SourceKit.pieces(file), events)).isEmpty();
    assertThat(SourceKit.leaks(SourceKit.pieces(file), careless))
        .containsExactly("canary user instructions");
  }

  private static <E extends CapturedEvent> List<E> only(List<CapturedEvent> events, Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  // ---- what is particular

  @Test
  void promptsLeaveAsTheGuardsOfTheRedactorLeftThem() throws IOException {
    List<String> prompts = SourceKit.guarded(Redactor.standard(), folder);

    assertThat(prompts).isEqualTo(Guard.all().stream().map(Guard::left).toList());
  }

  /// The twin: without any one of them, be it a scanner, the model or the projection, the kit
  /// fails, and in that guard's prompt.
  @ParameterizedTest
  @MethodSource("io.sourceblind.capture.redact.Guard#all")
  void withoutAnyOneGuardTheKitFails(Guard guard) throws IOException {
    int own = Guard.all().indexOf(guard);

    List<String> prompts = SourceKit.guarded(guard.off(), folder);

    assertThat(prompts.get(own)).isNotEqualTo(guard.left());
  }

  @Test
  void aForkOfCodexIsCountedWithoutWhatItCopied() throws IOException {
    Path parent = folder.resolve("parent.jsonl");
    Path child = folder.resolve("child.jsonl");
    Files.writeString(parent, meta("p", null, 0) + tokens(1, 10, 10) + tokens(2, 5, 15));
    Files.writeString(
        child, meta("c", "p", 60) + tokens(61, 10, 10) + tokens(62, 5, 15) + tokens(63, 7, 22));
    List<CapturedEvent> events = new ArrayList<>();
    Sources sources = Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE);

    sources.read(child, events::add);
    sources.read(parent, events::add);

    assertThat(only(events, CapturedEvent.ModelUsed.class))
        .extracting(CapturedEvent.ModelUsed::inputTokens)
        .containsExactlyInAnyOrder(10, 5, 7);
  }

  private static String meta(
      String id, @org.jspecify.annotations.Nullable String from, int second) {
    return "{\"timestamp\":\"2026-11-20T10:0%d:%02dZ\",\"type\":\"session_meta\",\"payload\":{\"id\":\"%s\"%s}}\n"
        .formatted(
            second / 60,
            second % 60,
            id,
            from == null ? "" : ",\"forked_from_id\":\"" + from + "\"");
  }

  private static String tokens(int second, int last, int total) {
    return """
    {"timestamp":"2026-11-20T10:0%d:%02dZ","type":"event_msg","payload":{"type":"token_count","info":{"model":"gpt-5","last_token_usage":{"input_tokens":%d},"total_token_usage":{"input_tokens":%d}}}}
    """
        .formatted(second / 60, second % 60, last, total);
  }

  @Test
  void aRecordThatIsRepeatedCountsOnce() throws IOException {
    Path file = folder.resolve("repeated.jsonl");
    String shop = Files.readString(Samples.ours("shop.jsonl"));
    Files.writeString(file, shop + shop);

    assertThat(SourceKit.counts(SourceKit.read(file, CaptureProfile.METADATA)))
        .isEqualTo(
            SourceKit.counts(SourceKit.read(Samples.ours("shop.jsonl"), CaptureProfile.METADATA)));
  }

  @Test
  void aSessionThatResumesEndsTwiceEachTimeWithItsOwnCounts() throws IOException {
    String first =
        """
        {"type":"user","sessionId":"s","uuid":"u1","timestamp":"2026-11-20T10:00:00.000Z","message":{"role":"user","content":"Why is it slow?"}}
        """;
    String second =
        """
        {"type":"user","sessionId":"s","uuid":"u2","timestamp":"2026-11-20T12:00:00.000Z","message":{"role":"user","content":"And now?"}}
        {"type":"user","sessionId":"s","uuid":"u3","timestamp":"2026-11-20T12:01:00.000Z","message":{"role":"user","content":"Still slow."}}
        """;
    Path file = folder.resolve("resumed.jsonl");
    Files.writeString(file, first);
    List<CapturedEvent.SessionEnded> before =
        only(SourceKit.read(file, CaptureProfile.PROSE), CapturedEvent.SessionEnded.class);
    Files.writeString(file, first + second);
    List<CapturedEvent.SessionEnded> after =
        only(SourceKit.read(file, CaptureProfile.PROSE), CapturedEvent.SessionEnded.class);

    assertThat(before).hasSize(1);
    assertThat(after).hasSize(2);
    assertThat(after.get(0).envelope().eventId()).isEqualTo(before.get(0).envelope().eventId());
    assertThat(after).extracting(CapturedEvent.SessionEnded::turns).containsExactly(1, 2);
    assertThat(after.get(1).envelope().sessionRef())
        .isEqualTo(after.get(0).envelope().sessionRef());
  }

  @Test
  void aPatchTellsOfEachFileItTouches() throws IOException {
    List<CapturedEvent.FileTouched> files =
        only(
            SourceKit.read(Samples.of("sources/droid/session-1.jsonl"), CaptureProfile.METADATA),
            CapturedEvent.FileTouched.class);

    Map<String, FileOperation> operations = new HashMap<>();
    files.forEach(file -> operations.put(String.valueOf(file.path()), file.op()));
    assertThat(operations)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "src/Basket.java", FileOperation.EDIT,
                "src/Discount.java", FileOperation.CREATE));
    assertThat(files).extracting(CapturedEvent.FileTouched::linesAdded).containsExactly(2, 1);
  }
}
