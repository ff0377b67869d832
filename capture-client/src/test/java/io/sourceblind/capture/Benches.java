// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.redact.Budget;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.SessionFile;
import io.sourceblind.capture.source.Sources;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.PathMode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Measures the redactor and the readers; `bench/redact` and `bench/import` run it.
final class Benches {

  /// On a busy machine it takes some forty until all of it is compiled.
  private static final int ROUNDS = 60;

  /// Both compilers are done with readers and redactor after some eight times 700 megabytes.
  private static final int WARM_UP = 10;

  private static final int MEASURED = 5;

  private Benches() {}

  public static void main(String[] args) throws IOException {
    List<Path> files = List.of(args).subList(1, args.length).stream().map(Path::of).toList();
    switch (args[0]) {
      case "redact" -> redact(files);
      case "import" ->
          imported(Long.parseLong(args[1]), files.get(1), files.subList(2, files.size()));
      default -> throw new IllegalArgumentException("redact or import");
    }
  }

  /// Megabytes of text a second of one processor, the best of a few rounds after a warm-up.
  private static void redact(List<Path> cases) throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    List<String> texts = new ArrayList<>();
    for (Path file : cases) {
      for (String line : Files.readAllLines(file)) {
        JsonNode text = json.readTree(line).get("text");
        texts.add(text.asString());
      }
    }
    long bytes =
        texts.stream().mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
    Redactor redactor =
        new Redactor(new Budget(System::nanoTime, Duration.ofMinutes(1), Duration.ZERO));
    double best = 0;
    long kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = processor();
      for (String text : texts) {
        kept += redactor.redact(text).prose().text().length();
      }
      best = Math.max(best, bytes / 1e6 / ((processor() - start) / 1e9));
    }
    System.out.println("value texts " + texts.size());
    System.out.println("value characters_kept " + kept / ROUNDS);
    System.out.printf("value redact_mb_per_second %.1f%n", best);
  }

  private static long processor() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /// Reading, redacting and making events of session files, against what a bare parser needs to go
  /// through the same bytes: first transcripts alone, as the goal has it, then the files of all
  /// tools. Both as they are once they are compiled; what the first import of a process takes
  /// stands beside it.
  private static void imported(long megabytes, Path mixed, List<Path> given) throws IOException {
    List<Path> transcripts = whole(given);
    List<Path> all = Files.isDirectory(mixed) ? whole(below(mixed)) : List.of();
    List<Path> files = again(transcripts, megabytes);
    Clocks start = Clocks.now();
    read(files);
    double first = Clocks.now().since(start).wall();
    double bare = compare("", files);
    System.out.printf("value first_import_seconds %.2f%n", first);
    System.out.printf("value first_import_over_parse %.2f%n", first / bare);
    if (!all.isEmpty()) {
      compare("mixed_", again(all, megabytes / 10));
    }
    System.out.printf("value heap_mb %.0f%n", peak() / 1048576.0);
  }

  /// Returns what the bare parser took.
  private static double compare(String name, List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    for (int i = 0; i < WARM_UP; i++) {
      parse(files);
      read(files);
    }
    Clocks bare = Clocks.WORST;
    Clocks imported = Clocks.WORST;
    long tokens = 0;
    long events = 0;
    for (int i = 0; i < MEASURED; i++) {
      Clocks start = Clocks.now();
      tokens = parse(files);
      bare = bare.orShorter(Clocks.now().since(start));
      start = Clocks.now();
      events = read(files);
      imported = imported.orShorter(Clocks.now().since(start));
    }
    System.out.printf("value %smegabytes %.0f%n", name, bytes / 1e6);
    System.out.println("value " + name + "json_tokens " + tokens);
    System.out.println("value " + name + "events " + events);
    System.out.printf("value %sbare_parse_seconds %.2f%n", name, bare.wall());
    System.out.printf("value %simport_seconds %.2f%n", name, imported.wall());
    System.out.printf("value %simport_over_parse %.2f%n", name, imported.wall() / bare.wall());
    System.out.printf(
        "value %simport_over_parse_of_processor %.2f%n",
        name, imported.processor() / bare.processor());
    return bare.wall();
  }

  /// Seconds, as somebody who waits sees them and as the processors spent them, compiling and
  /// clearing up included.
  private record Clocks(double wall, double processor) {

    static final Clocks WORST = new Clocks(Double.MAX_VALUE, Double.MAX_VALUE);

    Clocks orShorter(Clocks other) {
      return other.wall < wall ? other : this;
    }

    static Clocks now() {
      long processor =
          ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getProcessCpuTime();
      return new Clocks(System.nanoTime() / 1e9, processor / 1e9);
    }

    Clocks since(Clocks start) {
      return new Clocks(wall - start.wall, processor - start.processor);
    }
  }

  /// Session files that a parser can go through as well.
  private static List<Path> below(Path folder) throws IOException {
    Sources sources = Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE);
    List<Path> known = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(one -> one.toString().matches(".*[.]jsonl?")).sorted().toList()) {
        if (sources.knows(file)) {
          known.add(file);
        }
      }
    }
    return known;
  }

  /// Without those that are broken: the bare parser stops there, so it would have less to do.
  private static List<Path> whole(List<Path> given) throws IOException {
    List<Path> whole = new ArrayList<>();
    for (Path file : given) {
      try {
        parse(List.of(file));
        whole.add(file);
      } catch (JacksonException cut) {
        // Left out, as said.
      }
    }
    return whole;
  }

  /// The same files again and again, up to so many megabytes.
  private static List<Path> again(List<Path> whole, long megabytes) throws IOException {
    List<Path> files = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; bytes < megabytes * 1_000_000; i++) {
      files.add(whole.get(i % whole.size()));
      bytes += Files.size(files.getLast());
    }
    return files;
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(java.lang.management.MemoryUsage::getUsed)
        .sum();
  }

  private static long parse(List<Path> files) throws IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
            .build();
    long tokens = 0;
    for (Path file : files) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
          JsonParser parser = factory.createParser(ObjectReadContext.empty(), in)) {
        while (parser.nextToken() != null) {
          tokens++;
        }
      }
    }
    return tokens;
  }

  /// As `capture import` does: several files at once, their events in order.
  private static long read(List<Path> files) {
    long[] events = {0};
    Sources sources =
        new Sources(
            Samples.rules(CaptureProfile.PROSE, PathMode.RELATIVE),
            new Redactor(new Budget(System::nanoTime, Duration.ofMinutes(1), Duration.ZERO)),
            Samples.CLOCK);
    FilesAtOnce.read(
        files,
        FilesAtOnce.usualWorkers(),
        new FilesAtOnce.Reading() {
          @Override
          public FilesAtOnce.Opened open(Path file) throws IOException {
            Optional<SessionFile> session = sources.find(file);
            return new FilesAtOnce.Opened(
                session.filter(SessionFile::dependsOnOthers).isPresent(),
                taker -> {
                  if (session.isEmpty()) {
                    return FilesAtOnce.Outcome.UNKNOWN;
                  }
                  session.get().read(taker);
                  return FilesAtOnce.Outcome.READ;
                });
          }

          @Override
          public void take(CapturedEvent event) {
            events[0]++;
          }

          @Override
          public void end(Path file, FilesAtOnce.Outcome outcome) {}
        });
    return events[0];
  }
}
