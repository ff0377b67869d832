// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Entrypoint;
import io.sourceblind.events.FileOperation;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PromptOrigin;
import io.sourceblind.events.Source;
import io.sourceblind.events.Tool;
import io.sourceblind.events.TurnOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// aider's chat history, a Markdown file that grows by every chat: `# aider chat started at …`,
/// prompts behind `####`, what the tool says behind `>`, answers as they are. Only the start of a
/// chat has a time; what follows lies a millisecond apart.
final class AiderHistory {

  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final String STARTED = "# aider chat started at ";
  private static final String PROMPT = "#### ";
  private static final int LONGEST_PROMPT = 1_000_000;

  private final Reading reading;
  private final Path file;
  private final Consumer<CapturedEvent> events;
  private @Nullable Session session;
  private Instant startedAt = Instant.EPOCH;
  private int step;
  private final StringBuilder prompt = new StringBuilder();
  private boolean inPrompt;

  AiderHistory(Reading reading, Path file, Consumer<CapturedEvent> events) {
    this.reading = reading;
    this.file = file;
    this.events = events;
  }

  void read() throws IOException {
    TextLines.read(file, this::line, this::overlong);
    finish();
  }

  private void overlong() {
    Session current = session;
    if (current != null) {
      current.gap(GapReason.DROPPED_OVERFLOW, null);
    }
  }

  private void line(String line) {
    if (line.startsWith(STARTED)) {
      finish();
      begin(line.substring(STARTED.length()).strip());
      return;
    }
    Session current = session;
    if (current == null) {
      return;
    }
    if (line.startsWith(PROMPT)) {
      if (prompt.length() < LONGEST_PROMPT) {
        prompt.append(inPrompt ? "\n" : "").append(line.substring(PROMPT.length()).stripTrailing());
      }
      inPrompt = true;
      return;
    }
    prompted(current);
    if (line.startsWith("> ")) {
      said(current, line.substring(2).strip());
    } else if (!line.isBlank()) {
      current.turns().answered(line.length());
    }
  }

  private void begin(String time) {
    try {
      startedAt = LocalDateTime.parse(time, LOCAL).atZone(reading.clock().getZone()).toInstant();
    } catch (DateTimeParseException malformed) {
      session = null;
      return;
    }
    Session next =
        new Session(Tool.AIDER, Source.LOG, reading, file.toAbsolutePath() + " " + time, events);
    next.entrypoint(Entrypoint.CLI);
    Path folder = file.toAbsolutePath().getParent();
    // The history lies at the root of the project.
    next.in(folder == null ? null : folder.toString());
    step = 0;
    next.record("start", startedAt);
    session = next;
  }

  private void next(Session current) {
    step++;
    current.record("step " + step, startedAt.plusMillis(step));
  }

  private void prompted(Session current) {
    if (!inPrompt) {
      return;
    }
    inPrompt = false;
    String typed = prompt.toString();
    prompt.setLength(0);
    next(current);
    if (typed.startsWith("/")) {
      command(current, typed);
    } else if (!typed.isBlank()) {
      current.turns().prompt(typed, 0, 0);
    }
  }

  /// `/ask words`: the words were typed to be answered; those of other commands name files.
  private static void command(Session current, String typed) {
    int blank = typed.indexOf(' ');
    String name = blank < 0 ? typed : typed.substring(0, blank);
    boolean speaks = name.equals("/ask") || name.equals("/code") || name.equals("/architect");
    PromptText text =
        PromptText.command(name, speaks && blank > 0 ? typed.substring(blank).strip() : "");
    current.turns().prompt(text, 0, 0, PromptOrigin.SLASH_COMMAND);
  }

  private void said(Session current, String words) {
    if (words.startsWith("Aider v")) {
      current.version(words.substring("Aider v".length()));
    } else if (words.startsWith("Main model: ") || words.startsWith("Model: ")) {
      String model = words.substring(words.indexOf(": ") + 2);
      int end = model.indexOf(' ');
      current.model(end < 0 ? model : model.substring(0, end));
    } else if (words.startsWith("Tokens: ")) {
      tokens(current, words);
      current.turns().outcome(TurnOutcome.COMPLETED);
    } else if (words.startsWith("Applied edit to ")) {
      next(current);
      current
          .calls()
          .touched(
              FileChange.of(
                  FileOperation.EDIT, words.substring("Applied edit to ".length()), 0, 0, 0),
              null);
    } else if (words.startsWith("litellm.")) {
      next(current);
      Failures.tell(current, words.substring(0, Math.min(words.length(), 200)), null, 0);
    } else if (words.contains("KeyboardInterrupt")) {
      current.turns().outcome(TurnOutcome.INTERRUPTED);
    }
  }

  /// `Tokens: 3.2k sent, 1.1k cache hit, 79 received. Cost: $0.0089 message, $0.02 session.`
  private void tokens(Session current, String words) {
    next(current);
    current.start();
    long sent = number(words, " sent");
    long hit = number(words, " cache hit");
    current
        .usages()
        .see(
            current.name() + "/" + step,
            current.model(),
            new Usages.Tokens(
                Math.max(0, sent - hit),
                number(words, " received"),
                hit,
                number(words, " cache write"),
                0),
            Usages.micros(cost(words)));
  }

  private static long number(String words, String unit) {
    int end = words.indexOf(unit);
    int start = end;
    while (start > 0 && "0123456789.,kM".indexOf(words.charAt(start - 1)) >= 0) {
      start--;
    }
    if (end <= start) {
      return 0;
    }
    String digits = words.substring(start, end);
    double scale = digits.endsWith("k") ? 1_000 : digits.endsWith("M") ? 1_000_000 : 1;
    try {
      return Math.round(Double.parseDouble(digits.replaceAll("[kM,]", "")) * scale);
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  private static @Nullable Double cost(String words) {
    int start = words.indexOf("Cost: $");
    int end = words.indexOf(" message", start);
    if (start < 0 || end < 0) {
      return null;
    }
    try {
      return Double.valueOf(words.substring(start + "Cost: $".length(), end));
    } catch (NumberFormatException none) {
      return null;
    }
  }

  private void finish() {
    Session current = session;
    if (current != null) {
      prompted(current);
      current.end();
    }
    session = null;
    prompt.setLength(0);
    inPrompt = false;
  }
}
