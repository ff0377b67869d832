// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.redact.Budget;
import io.sourceblind.capture.redact.PlainProse;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.*;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `docs/wire` holds one sample a kind, exactly as this client writes it; the server's tests take
/// exactly them. After a change on purpose: `mvn test -Dsourceblind.samples=write`.
class WireSamplesTest {

  private static final Path FOLDER = Path.of("..", "docs", "wire");

  private static PlainProse prose(String text) {
    return new Redactor(new Budget(() -> 0, Duration.ofDays(1), Duration.ZERO))
        .redact(text)
        .prose();
  }

  private static Envelope envelope(int number) {
    Envelope plain = Events.envelope(number);
    return new Envelope(
        plain.schemaVersion(),
        plain.eventId(),
        plain.occurredAt(),
        plain.observedAt(),
        plain.seq(),
        plain.tool(),
        plain.toolVersion(),
        plain.clientVersion(),
        plain.source(),
        plain.sessionRef(),
        plain.turnRef(),
        new Ref(7, 8),
        null,
        null,
        plain.projectRef(),
        new Ref(9, 10),
        null,
        false,
        PermissionMode.ACCEPT_EDITS,
        plain.redaction());
  }

  private static List<CapturedEvent> samples() {
    List<CapturedEvent> all = new ArrayList<>();
    all.add(
        new CapturedEvent.SessionStarted(
            envelope(0),
            StartReason.STARTUP,
            "claude-opus-4-5",
            OperatingSystem.LINUX,
            Entrypoint.CLI,
            2));
    all.add(
        new CapturedEvent.SessionEnded(envelope(1), EndReason.EXIT, 3_600_000, 12, 80, 7, 140, 32));
    all.add(
        new CapturedEvent.PromptSubmitted(
            envelope(2),
            212,
            9,
            1,
            140,
            0,
            1,
            1,
            PromptOrigin.TYPED,
            null,
            prose(
                "Why does this fail (since yesterday)?\n```java\nint a = b;\n```\nSee src/Main.java please.")));
    all.add(new CapturedEvent.TurnCompleted(envelope(3), TurnOutcome.COMPLETED, 71_000, 6, 812, 0));
    all.add(new CapturedEvent.TurnFailed(envelope(4), TurnError.OVERLOADED, 529, 3));
    all.add(
        new CapturedEvent.ToolCompleted(
            envelope(5),
            ToolClass.MCP,
            "mcp",
            Status.ERROR,
            41,
            310,
            1_024,
            ToolError.NOT_FOUND,
            new Ref(11, 12),
            new Ref(13, 14)));
    all.add(
        new CapturedEvent.CommandExecuted(
            envelope(6),
            "mvn",
            "verify",
            List.of("-q", "--batch-mode"),
            CommandCategory.TEST,
            2,
            false,
            true,
            false,
            1,
            ExitCodeScope.LAST_OF_PIPE,
            Status.ERROR,
            14_000,
            58,
            40,
            2_310));
    all.add(
        new CapturedEvent.FileTouched(
            envelope(7),
            FileOperation.EDIT,
            PathMode.RELATIVE,
            "src/main/java/Basket.java",
            new Ref(15, 16),
            "java",
            "java",
            FileCategory.CODE,
            true,
            12,
            3,
            2,
            4_096,
            4_400,
            null,
            false));
    all.add(
        new CapturedEvent.CheckCompleted(
            envelope(8),
            CheckType.TEST,
            CheckFramework.SUREFIRE,
            CheckOutcome.FAIL,
            OutcomeBasis.PARSED_SUMMARY,
            120,
            117,
            2,
            1,
            0,
            null,
            14_000,
            1));
    all.add(
        new CapturedEvent.PermissionDecided(
            envelope(9),
            PermissionDecision.DENY,
            PermissionDecider.USER,
            ToolClass.SHELL,
            "Bash",
            5_200));
    all.add(
        new CapturedEvent.ModelUsed(
            envelope(10),
            "claude-opus-4-5",
            Provider.ANTHROPIC,
            120,
            900,
            42_000,
            3_100,
            0,
            1,
            8_400,
            61_000L,
            new Ref(17, 18)));
    all.add(
        new CapturedEvent.ContextCompacted(
            envelope(11), CompactionTrigger.AUTO, 150_000, 20_000, true));
    all.add(
        new CapturedEvent.SubagentCompleted(
            envelope(12), AgentType.EXPLORE, Status.OK, 38_000, 3, 4_200, "claude-haiku-4-5"));
    all.add(new CapturedEvent.CaptureGap(envelope(13), GapReason.UNKNOWN_TYPE, 4, new Ref(19, 20)));
    all.add(
        new CapturedEvent.RationaleRecorded(
            envelope(14),
            prose("We keep the old parser until the audit is over; the new one loses comments."),
            RationaleTopic.DECISION));
    return all;
  }

  private static Map<String, String> written() {
    Map<String, String> files = new LinkedHashMap<>();
    for (CapturedEvent event : samples()) {
      String json = WireJson.pretty(event).replace("\r\n", "\n") + "\n";
      files.put(WireJson.read(json).get("kind").asString() + ".json", json);
    }
    return files;
  }

  @Test
  void thereIsOneSampleForEachKind() {
    assertThat(written()).hasSize(CapturedEvent.class.getPermittedSubclasses().length);
  }

  @Test
  void theSamplesAreWhatThisClientWrites() throws IOException {
    Map<String, String> written = written();
    if ("write".equals(System.getProperty("sourceblind.samples"))) {
      Files.createDirectories(FOLDER);
      for (Map.Entry<String, String> file : written.entrySet()) {
        Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
      }
    }

    for (Map.Entry<String, String> file : written.entrySet()) {
      assertThat(Files.readString(FOLDER.resolve(file.getKey())))
          .as(file.getKey())
          .isEqualTo(file.getValue());
    }
    try (var files = Files.list(FOLDER)) {
      assertThat(
              files
                  .map(file -> String.valueOf(file.getFileName()))
                  .filter(name -> name.endsWith(".json")))
          .containsExactlyInAnyOrderElementsOf(written.keySet());
    }
  }
}
