// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.Samples;
import io.sourceblind.capture.outbox.WireJson;
import io.sourceblind.capture.redact.Guard;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What every reader must do, whatever its tool: the contract that each one's samples are held
/// against, and every real session, too.
final class SourceKit {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SHORTEST = 12;

  private SourceKit() {}

  static List<CapturedEvent> read(Path file, CaptureProfile profile) throws IOException {
    List<CapturedEvent> events = new ArrayList<>();
    Samples.reader(profile, PathMode.RELATIVE).read(file, events::add);
    return events;
  }

  /// How many events of each kind, by the kind's name on the wire.
  static Map<String, Integer> counts(List<CapturedEvent> events) {
    Map<String, Integer> counts = new TreeMap<>();
    for (CapturedEvent event : events) {
      counts.merge(kindOf(event), 1, Integer::sum);
    }
    return counts;
  }

  private static String kindOf(CapturedEvent event) {
    return JSON.readTree(WireJson.line(event)).path("kind").asString();
  }

  static String wire(List<CapturedEvent> events) {
    StringBuilder wire = new StringBuilder();
    events.forEach(event -> wire.append(WireJson.line(event)).append('\n'));
    return wire.toString();
  }

  /// Reading again tells of the same events, and no id stands for two of them.
  static void idsAreStable(Path file) throws IOException {
    List<CapturedEvent> first = read(file, CaptureProfile.PROSE);
    List<CapturedEvent> second = read(file, CaptureProfile.PROSE);

    assertThat(second)
        .extracting(event -> event.envelope().eventId())
        .isEqualTo(first.stream().map(event -> event.envelope().eventId()).toList());
    assertThat(first)
        .as("ids in %s", file.getFileName())
        .extracting(event -> event.envelope().eventId())
        .doesNotHaveDuplicates();
  }

  /// The file may end anywhere, as it does while the tool writes; what was told of its beginning
  /// stays true.
  static void anyBeginningIsRead(Path file, Path folder, int cuts) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int cut = 1; cut <= cuts; cut++) {
      Path beginning = sameName(folder.resolve("cut" + cut), file);
      Files.write(beginning, java.util.Arrays.copyOf(whole, whole.length * cut / (cuts + 1)));
      // Fails where a reader throws.
      read(beginning, CaptureProfile.METADATA);
    }
  }

  /// Fields that appear overnight change nothing; records that do become gaps and nothing else.
  static void driftIsAGap(Path file, Path folder) throws IOException {
    Path drifted = sameName(folder.resolve("drift"), file);
    StringBuilder lines = new StringBuilder();
    int rows = 0;
    for (String line : Files.readString(file).split("\n", -1)) {
      JsonNode row = line.startsWith("{") ? parsed(line) : null;
      if (row instanceof ObjectNode object) {
        object.put("canaryOvernight", "canary field of tomorrow");
        lines.append(object);
        rows++;
      } else {
        lines.append(line);
      }
      lines.append('\n');
    }
    assertThat(rows).isPositive();
    lines.append("{\"type\":\"canary-of-tomorrow\",\"canary\":{\"canary\":\"canary\"}}\n");
    Files.writeString(drifted, lines);

    List<CapturedEvent> before = read(file, CaptureProfile.PROSE);
    List<CapturedEvent> after = read(drifted, CaptureProfile.PROSE);

    assertThat(withoutGaps(after)).isEqualTo(withoutGaps(before));
    assertThat(gaps(after)).isGreaterThan(gaps(before));
    assertThat(wire(after).toLowerCase(Locale.ROOT)).doesNotContain("canary");
  }

  private static Map<String, Integer> withoutGaps(List<CapturedEvent> events) {
    Map<String, Integer> counts = counts(events);
    counts.remove("capture.gap");
    return counts;
  }

  static int gaps(List<CapturedEvent> events) {
    return events.stream()
        .filter(CapturedEvent.CaptureGap.class::isInstance)
        .mapToInt(event -> ((CapturedEvent.CaptureGap) event).count())
        .sum();
  }

  static int unknown(List<CapturedEvent> events) {
    return events.stream()
        .filter(CapturedEvent.CaptureGap.class::isInstance)
        .map(CapturedEvent.CaptureGap.class::cast)
        .filter(gap -> gap.reason() == GapReason.UNKNOWN_TYPE)
        .mapToInt(CapturedEvent.CaptureGap::count)
        .sum();
  }

  private static Path sameName(Path folder, Path file) throws IOException {
    // Some files are known by the folders they lie in.
    Path parent = file.toAbsolutePath().getParent();
    Path name = parent == null ? null : parent.getFileName();
    Path into = name == null ? folder : folder.resolve(name);
    Files.createDirectories(into);
    return into.resolve(file.getFileName());
  }

  // ---- guards

  /// The prompts of a session in which every guard of the redactor has something to do, as they
  /// would leave.
  static List<String> guarded(Redactor redactor, Path folder) throws IOException {
    StringBuilder session = new StringBuilder();
    int number = 0;
    for (Guard guard : Guard.all()) {
      number++;
      ObjectNode row = JSON.createObjectNode();
      row.put("type", "user").put("uuid", "u" + number).put("sessionId", "guards");
      row.put("timestamp", "2026-11-20T10:00:%02dZ".formatted(number))
          .put("cwd", "/home/someone/x");
      row.put("version", "2.0.1").put("isSidechain", false).put("userType", "external");
      row.putObject("message").put("role", "user").put("content", guard.text());
      session.append(row).append('\n');
    }
    Path file = folder.resolve("guards.jsonl");
    Files.writeString(file, session);
    List<CapturedEvent> events = new ArrayList<>();
    Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE, redactor).read(file, events::add);
    return events.stream()
        .filter(CapturedEvent.PromptSubmitted.class::isInstance)
        .map(event -> ((CapturedEvent.PromptSubmitted) event).text())
        .map(prose -> prose == null ? "" : prose.text())
        .toList();
  }

  // ---- canaries

  /// Pieces of a file that must not be found in what leaves. Under the profile `metadata` that is
  /// every string of some length, but for what the wire itself is made of.
  static Set<String> pieces(Path file) throws IOException {
    Set<String> pieces = new HashSet<>();
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    JsonNode whole = text.startsWith("{") ? parsed(text) : null;
    if (whole != null) {
      collect(whole, pieces);
      return pieces;
    }
    for (String line : text.split("\n", -1)) {
      JsonNode row = line.startsWith("{") ? parsed(line) : null;
      if (row == null) {
        add(line, pieces);
      } else {
        collect(row, pieces);
      }
    }
    return pieces;
  }

  private static @org.jspecify.annotations.Nullable JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException unreadable) {
      return null;
    }
  }

  private static void collect(JsonNode node, Set<String> pieces) {
    if (node.isString()) {
      String text = node.asString();
      JsonNode nested = text.startsWith("{") ? parsed(text) : null;
      if (nested != null) {
        collect(nested, pieces);
      }
      for (String line : text.split("\n", -1)) {
        add(line, pieces);
      }
    } else {
      for (JsonNode child : node) {
        collect(child, pieces);
      }
    }
  }

  private static void add(String line, Set<String> pieces) {
    String piece = line.strip();
    boolean wireWord =
        piece.matches(
            "[a-z]+(?:[-_.][a-z0-9]+)*|[A-Z][A-Za-z]+|[a-z]+/?[a-z0-9.-]+|[0-9TZ:.-]+|[0-9.]+-[a-z0-9.]+");
    if (piece.length() >= SHORTEST && !wireWord) {
      pieces.add(piece);
    }
  }

  /// What of the pieces stands in the bytes that would leave.
  static Set<String> leaks(Set<String> pieces, List<CapturedEvent> events) {
    String wire = wire(events);
    String unescaped =
        wire.replace("\\\"", "\"").replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
    Set<String> paths = new HashSet<>();
    for (CapturedEvent event : events) {
      if (event instanceof CapturedEvent.FileTouched file && file.path() != null) {
        paths.add(file.path());
      }
    }
    Set<String> leaks = new HashSet<>();
    for (String piece : pieces) {
      // Below the project a path may leave, and a listing may name it or its end, too.
      boolean path = paths.stream().anyMatch(known -> known.contains(piece));
      if (!path && (wire.contains(piece) || unescaped.contains(piece))) {
        leaks.add(piece);
      }
    }
    return leaks;
  }
}
