// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sourceblind.capture.Samples;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real sessions of every tool, where the machine has some, held against the kit.
class SourceFixturesTest {

  @TempDir Path folder;

  private static final class Row {
    int files;
    int events;
    int gaps;
    int unknown;
    int leaks;
  }

  @Test
  void realSessionsOfEveryToolAreReadAndNothingLeaks() throws IOException {
    Path real = Samples.fixtures().orElse(null);
    assumeTrue(
        real != null,
        "There are no real sessions here; name their folder with -Dsourceblind.shared");
    Map<String, Row> table = new TreeMap<>();
    Map<String, Set<String>> found = new TreeMap<>();
    List<String> twice = new ArrayList<>();
    List<Path> files = laidOut(Objects.requireNonNull(real));
    // Nobody makes sessions of Goose public; that row is of a sample of ours.
    files.add(Samples.of("sources/goose/20261120_1.jsonl"));
    for (Path file : files) {
      Sources sources = Samples.reader(CaptureProfile.METADATA, PathMode.RELATIVE);
      SourceReader reader = theOnlyReader(sources, file);
      if (reader == null) {
        continue;
      }
      List<CapturedEvent> events = SourceKit.read(file, CaptureProfile.METADATA);
      Set<String> leaks = SourceKit.leaks(SourceKit.pieces(file), events);
      Row row = table.computeIfAbsent(nameOf(reader), _ -> new Row());
      row.files++;
      row.events += events.size();
      row.gaps += SourceKit.gaps(events);
      row.unknown += SourceKit.unknown(events);
      row.leaks += leaks.size();
      if (!leaks.isEmpty()) {
        found.put(file.toString(), leaks);
      }
      long ids = events.stream().map(event -> event.envelope().eventId()).distinct().count();
      if (ids != events.size()) {
        twice.add(file.toString());
      }
      if (Files.size(file) < 100_000) {
        SourceKit.anyBeginningIsRead(file, folder.resolve("cuts"), 5);
      }
    }

    table.forEach((tool, row) ->
        System.out.printf(
            "%-16s %3d files %6d events %4d gaps, of these unknown records %4d, canaries leaked %d%n",
            tool, row.files, row.events, row.gaps, row.unknown, row.leaks));
    assertThat(found).isEmpty();
    assertThat(twice).isEmpty();
    assertThat(table.keySet())
        .contains(
            "Aider",
            "Amp",
            "ClaudeCode",
            "Codex",
            "CopilotCli",
            "Cursor",
            "Droid",
            "Gemini",
            "Goose",
            "OpenCode",
            "Pi",
            "SpecStory",
            "VsCodeCopilot",
            "Windsurf");
  }

  private static String nameOf(SourceReader reader) {
    return reader.getClass().getSimpleName().replace("Reader", "");
  }

  private static @org.jspecify.annotations.Nullable SourceReader theOnlyReader(
      Sources sources, Path file) throws IOException {
    Head head = Head.of(file);
    List<SourceReader> known = new ArrayList<>();
    for (SourceReader reader : sources.readers()) {
      if (reader.reads(head)) {
        known.add(reader);
      }
    }
    assertThat(known).as(file.toString()).hasSizeLessThanOrEqualTo(1);
    return known.isEmpty() ? null : known.get(0);
  }

  /// The fixtures as a tool would have left them: those of OpenCode's folder are kept there with
  /// the folders in their names.
  private List<Path> laidOut(Path real) throws IOException {
    List<Path> files = new ArrayList<>();
    Set<Path> storages = new HashSet<>();
    try (Stream<Path> all = Files.walk(real)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (file.startsWith(real.resolve("opencode")) && name.endsWith(".json")) {
          storages.add(place(file, name));
        } else {
          files.add(file);
        }
      }
    }
    for (Path storage : storages) {
      try (Stream<Path> all = Files.walk(storage.resolve("message"))) {
        all.filter(Files::isRegularFile).sorted().forEach(files::add);
      }
    }
    return files;
  }

  private Path place(Path file, String name) throws IOException {
    String version = name.replaceAll("opencode[-_]storage_?(legacy|v2)?_?.*", "$1");
    String rest = name.replaceAll("opencode[-_]storage_?(?:legacy|v2)?_", "");
    Path storage =
        folder
            .resolve(Objects.requireNonNull(file.getParent()).getFileName() + version)
            .resolve("storage");
    String kind = rest.substring(0, rest.indexOf('_'));
    String below = rest.substring(rest.indexOf('_') + 1);
    int split =
        switch (kind) {
          case "message" -> below.lastIndexOf(below.contains("_msg_") ? "_msg_" : "_msg-");
          case "session" -> below.indexOf("_ses_");
          default -> below.matches("prt_.*") ? -1 : below.lastIndexOf('_');
        };
    Path placed =
        split < 0
            ? storage.resolve(kind).resolve(below)
            : storage
                .resolve(kind)
                .resolve(below.substring(0, split))
                .resolve(below.substring(split + 1));
    Files.createDirectories(Objects.requireNonNull(placed.getParent()));
    Files.copy(file, placed);
    return storage;
  }
}
