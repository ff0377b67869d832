// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.Source;
import io.sourceblind.events.Status;
import io.sourceblind.events.Tool;
import io.sourceblind.events.ToolClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A history as SpecStory writes it: a session's name in a comment, then turns under headings in
/// italics, with the tools that were used as elements.
final class SpecStoryHistory {

  private static final Pattern SESSION =
      Pattern.compile("<!-- ([A-Za-z ]{1,30}) Session ([0-9A-Za-z-]{1,64}) \\(([^)]{1,40})\\) -->");
  private static final Pattern TITLE = Pattern.compile("# .{0,300}\\(([0-9][0-9T:. -]{9,30}Z?)\\)");
  private static final Pattern TURN =
      Pattern.compile(
          "_\\*\\*(User|Assistant|Agent)(?: - sidechain)?(?: \\(([^)]{0,80})\\))?\\*\\*_");
  private static final Pattern USE =
      Pattern.compile(
          "<tool-use data-tool-type=\"([a-z]{1,20})\" data-tool-name=\"([^\"]{1,64})\">.*");
  private static final Pattern TIME =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?Z?");
  private static final Pattern MODEL = Pattern.compile("[a-z][A-Za-z0-9./_-]{2,63}");
  private static final int LONGEST_PROMPT = 1_000_000;

  private final Reading reading;
  private final Path file;
  private final Consumer<CapturedEvent> events;

  private Tool tool = Tool.OTHER;
  private @Nullable String id;
  private @Nullable Instant at;
  private @Nullable Session session;
  private int step;

  private enum Speaker {
    NOBODY,
    ENGINEER,
    TOOL
  }

  private Speaker speaker = Speaker.NOBODY;
  private final StringBuilder prompt = new StringBuilder();
  private @Nullable Use use;

  private static final class Use {
    final String type;
    final String name;
    @Nullable String path;
    boolean inFence;
    int lines;

    Use(String type, String name) {
      this.type = type;
      this.name = name;
    }
  }

  SpecStoryHistory(Reading reading, Path file, Consumer<CapturedEvent> events) {
    this.reading = reading;
    this.file = file;
    this.events = events;
  }

  void read() throws IOException {
    TextLines.read(file, this::line, () -> session().gap(GapReason.DROPPED_OVERFLOW, null));
    prompted();
    session().end();
  }

  private Session session() {
    Session known = session;
    if (known == null) {
      known =
          new Session(
              tool, Source.LOG, reading, Objects.requireNonNullElse(id, Names.stem(file)), events);
      session = known;
    }
    return known;
  }

  private void line(String line) {
    Matcher turn = TURN.matcher(line);
    if (turn.matches()) {
      prompted();
      use = null;
      speaker = turn.group(1).equals("User") ? Speaker.ENGINEER : Speaker.TOOL;
      said(turn.group(2));
    } else if (speaker == Speaker.NOBODY) {
      heading(line);
    } else if (speaker == Speaker.ENGINEER) {
      if (prompt.length() < LONGEST_PROMPT && !line.equals("---")) {
        prompt.append(line).append('\n');
      }
    } else {
      answered(line);
    }
  }

  private void heading(String line) {
    Matcher named = SESSION.matcher(line);
    Matcher titled = TITLE.matcher(line);
    if (named.matches()) {
      tool = toolOf(named.group(1));
      id = named.group(2);
      at = timeIn(named.group(3));
    } else if (titled.matches() && at == null) {
      at = timeIn(titled.group(1));
    }
  }

  private static Tool toolOf(String name) {
    return switch (name.toLowerCase(Locale.ROOT).strip()) {
      case "claude code" -> Tool.CLAUDE_CODE;
      case "codex cli", "codex" -> Tool.CODEX;
      case "cursor", "cursor cli", "cursor ide" -> Tool.CURSOR;
      case "gemini cli", "gemini" -> Tool.GEMINI_CLI;
      case "copilot", "vs code copilot", "copilot ide" -> Tool.VSCODE_COPILOT;
      case "droid", "factory droid", "droid cli" -> Tool.DROID;
      default -> Tool.OTHER;
    };
  }

  /// What stands in brackets beside a speaker: a model, a time, or both.
  private void said(@Nullable String about) {
    if (about != null) {
      Instant time = timeIn(about);
      at = time == null ? at : time;
      String first = about.split(" ", 2)[0];
      if (MODEL.matcher(first).matches() && first.indexOf('-') > 0) {
        session().model(first);
      }
    }
    next();
  }

  private void next() {
    step++;
    Instant time = at;
    if (time != null) {
      // Headings have seconds at best; what lies within one keeps its order.
      session().record("step " + step, time.plusMillis(step % 1_000));
    }
  }

  private static @Nullable Instant timeIn(String text) {
    Matcher found = TIME.matcher(text);
    if (!found.find()) {
      return null;
    }
    String time = found.group().replace(' ', 'T').replace("Z", "");
    try {
      return Json.sensible(
          LocalDateTime.parse(time, DateTimeFormatter.ISO_LOCAL_DATE_TIME)
              .toInstant(ZoneOffset.UTC)
              .truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
    } catch (DateTimeParseException malformed) {
      return null;
    }
  }

  private void prompted() {
    if (speaker == Speaker.ENGINEER && !prompt.isEmpty()) {
      session().turns().prompt(prompt.toString().strip(), 0, 0);
    }
    prompt.setLength(0);
  }

  private void answered(String line) {
    Matcher used = USE.matcher(line);
    if (used.matches()) {
      use = new Use(used.group(1), used.group(2));
    } else if (use == null) {
      session().start();
      session().turns().answered(line.length());
    } else if (line.endsWith("</tool-use>")) {
      used(Objects.requireNonNull(use));
      use = null;
    } else {
      shown(Objects.requireNonNull(use), line);
    }
  }

  /// The first code span names the file, or the command of a shell.
  private static void shown(Use use, String line) {
    if (line.startsWith("```")) {
      use.inFence = !use.inFence;
    } else if (use.inFence) {
      use.lines++;
    } else if (use.path == null) {
      String stripped = line.strip();
      if (stripped.length() > 2 && stripped.startsWith("`") && stripped.endsWith("`")) {
        use.path = stripped.substring(1, stripped.length() - 1);
      }
    }
  }

  private void used(Use done) {
    next();
    ToolKind kind = ToolKind.of(tool, done.name);
    if (kind.equals(ToolKind.OTHER)) {
      kind = new ToolKind("other", classOf(done.type));
    }
    Call call = Call.of(kind, 0);
    String shown = done.path;
    if (shown != null) {
      call =
          switch (kind.toolClass()) {
            case SHELL -> call.running(shown);
            case READ ->
                call.touching(java.util.List.of(FileChange.read(plain(shown), done.lines)));
            case EDIT, CREATE ->
                call.touching(
                    java.util.List.of(
                        FileChange.of(
                            io.sourceblind.events.FileOperation.EDIT, plain(shown), 0, 0, 0)));
            default -> call;
          };
    }
    session().calls().ran(session().name() + " step " + step, call, Answer.of(Status.UNKNOWN, ""));
  }

  private static String plain(String path) {
    return path.startsWith("./") ? path.substring(2) : path;
  }

  private static ToolClass classOf(String type) {
    return switch (type) {
      case "read" -> ToolClass.READ;
      case "write" -> ToolClass.EDIT;
      case "shell" -> ToolClass.SHELL;
      case "search", "grep" -> ToolClass.SEARCH;
      case "task" -> ToolClass.PLAN;
      case "mcp" -> ToolClass.MCP;
      default -> ToolClass.OTHER;
    };
  }
}
