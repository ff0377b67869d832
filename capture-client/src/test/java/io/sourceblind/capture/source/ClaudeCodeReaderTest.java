// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.capture.Samples;
import io.sourceblind.events.AgentType;
import io.sourceblind.events.BuiltinCommand;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.CheckFramework;
import io.sourceblind.events.CheckOutcome;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PathMode;
import io.sourceblind.events.PermissionDecision;
import io.sourceblind.events.PromptOrigin;
import io.sourceblind.events.Status;
import io.sourceblind.events.TurnError;
import io.sourceblind.events.TurnOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaudeCodeReaderTest {

  @TempDir Path folder;

  private static <E extends CapturedEvent> List<E> only(List<CapturedEvent> events, Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void aPromptIsCapturedWithItsRedactedWords() throws IOException {
    List<CapturedEvent> events = Samples.read(Samples.ours("shop.jsonl"));

    CapturedEvent.PromptSubmitted prompt = only(events, CapturedEvent.PromptSubmitted.class).get(0);
    assertThat(prompt.codeBlocks()).isEqualTo(1);
    assertThat(prompt.fileMentions()).isEqualTo(1);
    assertThat(prompt.text()).isNotNull();
    assertThat(String.valueOf(prompt.text()))
        .isEqualTo(
            "Please add a discount to the basket, see [path]. [code removed, 3 lines, java]");
  }

  @Test
  void underTheProfileMetadataNoWordsLeave() throws IOException {
    List<CapturedEvent> events = new ArrayList<>();

    Samples.reader(CaptureProfile.METADATA, PathMode.RELATIVE)
        .read(Samples.ours("shop.jsonl"), events::add);

    assertThat(only(events, CapturedEvent.PromptSubmitted.class))
        .isNotEmpty()
        .allSatisfy(prompt -> assertThat(prompt.text()).isNull());
  }

  @Test
  void anAnswerOverSeveralRowsIsCountedOnceAndWithItsLastTokens() throws IOException {
    List<CapturedEvent.ModelUsed> used =
        only(Samples.read(Samples.ours("shop.jsonl")), CapturedEvent.ModelUsed.class);

    assertThat(used).hasSize(5);
    assertThat(used.get(0).outputTokens()).isEqualTo(55);
    assertThat(used.get(0).inputTokens()).isEqualTo(10);
    assertThat(used).extracting(CapturedEvent.ModelUsed::usageRef).doesNotHaveDuplicates();
  }

  @Test
  void anEditIsCountedByItsPatchAndItsPathIsRelative() throws IOException {
    List<CapturedEvent.FileTouched> files =
        only(Samples.read(Samples.ours("shop.jsonl")), CapturedEvent.FileTouched.class);

    assertThat(files)
        .singleElement()
        .satisfies(file -> {
          assertThat(file.op()).isEqualTo(FileOperation.EDIT);
          assertThat(file.path()).isEqualTo("src/Basket.java");
          assertThat(file.language()).isEqualTo("java");
          assertThat(file.linesAdded()).isEqualTo(2);
          assertThat(file.linesRemoved()).isEqualTo(1);
        });
  }

  @Test
  void thePathFollowsThePolicy() throws IOException {
    for (PathMode policy : List.of(PathMode.HASHED, PathMode.EXTENSION)) {
      List<CapturedEvent> events = new ArrayList<>();

      Samples.reader(CaptureProfile.PROSE, policy).read(Samples.ours("shop.jsonl"), events::add);

      CapturedEvent.FileTouched file = only(events, CapturedEvent.FileTouched.class).get(0);
      assertThat(file.pathMode()).isEqualTo(policy);
      assertThat(file.path()).isNull();
      assertThat(file.pathRef() == null).isEqualTo(policy == PathMode.EXTENSION);
      assertThat(file.extension()).isEqualTo("java");
    }
  }

  @Test
  void aFailedTestRunIsACommandAndACheck() throws IOException {
    List<CapturedEvent> events = Samples.read(Samples.ours("shop.jsonl"));

    assertThat(only(events, CapturedEvent.CommandExecuted.class))
        .extracting(CapturedEvent.CommandExecuted::program)
        .containsExactly("cd", "mvn");
    assertThat(only(events, CapturedEvent.CommandExecuted.class).get(1).exitCode()).isEqualTo(1);
    assertThat(only(events, CapturedEvent.CheckCompleted.class))
        .singleElement()
        .satisfies(check -> {
          assertThat(check.framework()).isEqualTo(CheckFramework.SUREFIRE);
          assertThat(check.outcome()).isEqualTo(CheckOutcome.FAIL);
          assertThat(check.total()).isEqualTo(12);
          assertThat(check.failed()).isEqualTo(2);
          assertThat(check.skipped()).isEqualTo(1);
        });
  }

  @Test
  void whatTheEngineerRefusedIsADecisionAndTouchesNoFile() throws IOException {
    List<CapturedEvent> events = Samples.read(Samples.ours("shop.jsonl"));

    assertThat(only(events, CapturedEvent.PermissionDecided.class))
        .singleElement()
        .satisfies(decided -> assertThat(decided.decision()).isEqualTo(PermissionDecision.DENY));
    assertThat(only(events, CapturedEvent.ToolCompleted.class))
        .filteredOn(tool -> tool.toolName().equals("Write"))
        .singleElement()
        .satisfies(tool -> assertThat(tool.status()).isEqualTo(Status.DENIED));
  }

  @Test
  void theRestOfASessionIsThere() throws IOException {
    List<CapturedEvent> events = Samples.read(Samples.ours("shop.jsonl"));

    assertThat(only(events, CapturedEvent.SessionStarted.class)).hasSize(1);
    assertThat(only(events, CapturedEvent.SessionEnded.class))
        .singleElement()
        .satisfies(ended -> assertThat(ended.filesTouched()).isEqualTo(1));
    assertThat(only(events, CapturedEvent.ContextCompacted.class))
        .singleElement()
        .satisfies(compacted -> assertThat(compacted.tokensBefore()).isEqualTo(150_000));
    assertThat(only(events, CapturedEvent.SubagentCompleted.class))
        .singleElement()
        .satisfies(done -> assertThat(done.agentType()).isEqualTo(AgentType.EXPLORE));
    assertThat(only(events, CapturedEvent.TurnCompleted.class).get(0).outcome())
        .isEqualTo(TurnOutcome.COMPLETED);
    assertThat(only(events, CapturedEvent.TurnCompleted.class).get(0).durationMs())
        .isEqualTo(71_000);
    assertThat(only(events, CapturedEvent.TurnFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.errorClass()).isEqualTo(TurnError.OVERLOADED));
    assertThat(only(events, CapturedEvent.CaptureGap.class))
        .singleElement()
        .satisfies(gap -> assertThat(gap.reason()).isEqualTo(GapReason.UNKNOWN_TYPE));
    CapturedEvent.PromptSubmitted review = only(events, CapturedEvent.PromptSubmitted.class).get(1);
    assertThat(review.origin()).isEqualTo(PromptOrigin.SLASH_COMMAND);
    assertThat(review.builtinCommand()).isEqualTo(BuiltinCommand.REVIEW);
  }

  @Test
  void aSubagentsFileBelongsToItsSessionAndOpensNone() throws IOException {
    List<CapturedEvent> main = Samples.read(Samples.ours("shop.jsonl"));
    List<CapturedEvent> agent = Samples.read(Samples.ours("subagents/agent-a1b2c3.jsonl"));

    assertThat(agent).allSatisfy(event -> assertThat(event.envelope().isSubagent()).isTrue());
    assertThat(agent)
        .extracting(event -> event.envelope().sessionRef())
        .containsOnly(main.get(0).envelope().sessionRef());
    assertThat(only(agent, CapturedEvent.SessionStarted.class)).isEmpty();
    assertThat(only(agent, CapturedEvent.PromptSubmitted.class)).isEmpty();
    assertThat(only(agent, CapturedEvent.FileTouched.class))
        .singleElement()
        .satisfies(file -> assertThat(file.linesRead()).isEqualTo(2));
  }

  @Test
  void readingAFileTwiceGivesTheSameIdsAndNoIdTwice() throws IOException {
    List<CapturedEvent> first = Samples.read(Samples.ours("shop.jsonl"));
    List<CapturedEvent> second = Samples.read(Samples.ours("shop.jsonl"));

    assertThat(second)
        .extracting(event -> event.envelope().eventId())
        .isEqualTo(first.stream().map(event -> event.envelope().eventId()).toList());
    assertThat(first).extracting(event -> event.envelope().eventId()).doesNotHaveDuplicates();
  }

  @Test
  void theTimeInAnIdIsTheEventsTime() throws IOException {
    assertThat(Samples.read(Samples.ours("shop.jsonl")))
        .allSatisfy(event -> {
          assertThat(event.envelope().eventId().version()).isEqualTo(7);
          assertThat(event.envelope().eventId().variant()).isEqualTo(2);
          assertThat(event.envelope().eventId().getMostSignificantBits() >>> 16)
              .isEqualTo(event.envelope().occurredAt().toEpochMilli());
        });
  }

  @Test
  void aTruncatedLastLineBecomesAGap() throws IOException {
    String whole = Files.readString(Samples.ours("shop.jsonl"));
    Path file = folder.resolve("cut.jsonl");
    Files.writeString(file, whole.substring(0, whole.length() - 150));

    List<CapturedEvent> events = Samples.read(file);

    assertThat(only(events, CapturedEvent.CaptureGap.class))
        .extracting(CapturedEvent.CaptureGap::reason)
        .contains(GapReason.PARSE_ERROR);
    assertThat(only(events, CapturedEvent.PromptSubmitted.class)).hasSize(2);
  }

  @Test
  void invalidBytesBecomeAGapAndTheRestIsRead() throws IOException {
    Path file = folder.resolve("bytes.jsonl");
    Files.write(file, new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}', '\n'});
    Files.write(
        file,
        Files.readAllBytes(Samples.ours("shop.jsonl")),
        java.nio.file.StandardOpenOption.APPEND);

    List<CapturedEvent> events = Samples.read(file);

    assertThat(only(events, CapturedEvent.CaptureGap.class))
        .extracting(CapturedEvent.CaptureGap::reason)
        .contains(GapReason.PARSE_ERROR);
    assertThat(only(events, CapturedEvent.PromptSubmitted.class)).hasSize(2);
  }

  @Test
  void recordsThatAreNoObjectsStopNothing() throws IOException {
    Path file = folder.resolve("odd.jsonl");
    Files.writeString(
        file,
        "42\n\"massive error\"\n[1]\nnull\n{}\n{\"type\":7}\n{\"type\":\"user\",\"message\":\"error\"}\n"
            + "[".repeat(5_000)
            + "\n");

    assertThat(Samples.read(file))
        .allSatisfy(event -> assertThat(event).isInstanceOf(CapturedEvent.CaptureGap.class));
  }

  @Test
  void aLineBeyondTheCapIsSteppedOverWithoutBeingHeld() throws IOException {
    long length = 300L * 1024 * 1024;
    byte[] tail = "\n{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    CappedLines lines = new CappedLines(new Endless(length, tail), 1024 * 1024);

    CappedLines.Found tooLong = Objects.requireNonNull(lines.next());
    CappedLines.Found next = Objects.requireNonNull(lines.next());

    assertThat(tooLong.bytes()).isNull();
    assertThat(next.bytes()).isEqualTo("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    assertThat(lines.next()).isNull();
  }

  /// Many bytes that are made up while they are read.
  private static final class Endless extends InputStream {
    private long left;
    private final ByteArrayInputStream tail;

    Endless(long length, byte[] tail) {
      this.left = length;
      this.tail = new ByteArrayInputStream(tail);
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : tail.read();
    }

    @Override
    public int read(byte[] bytes, int from, int most) {
      if (left <= 0) {
        return tail.read(bytes, from, most);
      }
      int count = (int) Math.min(left, most);
      java.util.Arrays.fill(bytes, from, from + count, (byte) 'x');
      left -= count;
      return count;
    }
  }

  @Test
  void whatFailsBehindTheReaderStopsIt() {
    Sources reader = Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE);

    assertThatThrownBy(() ->
            reader.read(
                Samples.ours("shop.jsonl"),
                event -> {
                  throw new IllegalStateException("The disk is full");
                }))
        .hasMessage("The disk is full");
  }

  @Test
  void everyTurnEndsUnderItsOwnIdHoweverTheFileGrows() throws IOException {
    Path file = folder.resolve("growing.jsonl");
    String rows =
        """
        {"type":"user","sessionId":"s","uuid":"u1","timestamp":"2026-11-20T10:00:00.000Z","message":{"role":"user","content":"Why is it slow?"}}
        {"type":"assistant","sessionId":"s","uuid":"a1","timestamp":"2026-11-20T10:00:05.000Z","message":{"role":"assistant","id":"m1","model":"claude-sonnet-4","content":[{"type":"text","text":"No idea."}],"stop_reason":"end_turn"}}
        """;
    Files.writeString(file, rows);
    List<CapturedEvent.TurnCompleted> before =
        only(Samples.read(file), CapturedEvent.TurnCompleted.class);
    Files.writeString(
        file,
        rows
            + """
            {"type":"system","subtype":"turn_duration","sessionId":"s","uuid":"d1","timestamp":"2026-11-20T10:00:06.000Z","durationMs":6000}
            {"type":"user","sessionId":"s","uuid":"u2","timestamp":"2026-11-20T10:00:07.000Z","message":{"role":"user","content":"And now?"}}
            {"type":"user","sessionId":"s","uuid":"u3","timestamp":"2026-11-20T10:00:07.000Z","message":{"role":"user","content":"Still slow."}}
            """);
    List<CapturedEvent.TurnCompleted> after =
        only(Samples.read(file), CapturedEvent.TurnCompleted.class);

    assertThat(before).hasSize(1);
    assertThat(after).hasSize(3);
    assertThat(after).extracting(turn -> turn.envelope().eventId()).doesNotHaveDuplicates();
    assertThat(after.get(0).envelope().eventId()).isEqualTo(before.get(0).envelope().eventId());
    assertThat(after.get(1).envelope().occurredAt()).isEqualTo("2026-11-20T10:00:07Z");
  }

  @Test
  void aRowWithoutTimeThatWouldHaveBeenAnEventIsAGap() throws IOException {
    Path file = folder.resolve("timeless.jsonl");
    Files.writeString(
        file,
        """
        {"type":"user","sessionId":"s","uuid":"u1","message":{"role":"user","content":"Why is it slow?"}}
        """);

    assertThat(Samples.read(file))
        .singleElement()
        .isInstanceOfSatisfying(
            CapturedEvent.CaptureGap.class,
            gap -> assertThat(gap.reason()).isEqualTo(GapReason.PARSE_ERROR));
  }
}
