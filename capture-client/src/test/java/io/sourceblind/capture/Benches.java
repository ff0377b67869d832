// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.redact.Budget;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.Sources;
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

  private Benches() {}

  public static void main(String[] args) throws IOException {
    List<Path> files = List.of(args).subList(1, args.length).stream().map(Path::of).toList();
    switch (args[0]) {
      case "redact" -> redact(files);
      case "import" -> imported(Long.parseLong(args[1]), files.subList(1, files.size()));
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
  /// through the same bytes.
  private static void imported(long megabytes, List<Path> given) throws IOException {
    List<Path> whole = new ArrayList<>();
    for (Path file : given) {
      try {
        parse(List.of(file));
        whole.add(file);
      } catch (JacksonException cut) {
        // The bare parser stops where a line is broken, so it would have less to do.
      }
    }
    List<Path> files = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; bytes < megabytes * 1_000_000; i++) {
      files.add(whole.get(i % whole.size()));
      bytes += Files.size(files.getLast());
    }
    read(whole);
    long start = processor();
    long tokens = parse(files);
    double bare = (processor() - start) / 1e9;
    start = processor();
    long events = read(files);
    double imported = (processor() - start) / 1e9;
    System.out.printf("value megabytes %.0f%n", bytes / 1e6);
    System.out.println("value json_tokens " + tokens);
    System.out.println("value events " + events);
    System.out.printf("value bare_parse_seconds %.2f%n", bare);
    System.out.printf("value import_seconds %.2f%n", imported);
    System.out.printf("value import_over_parse %.2f%n", imported / bare);
    System.out.printf("value heap_mb %.0f%n", peak() / 1048576.0);
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

  private static long read(List<Path> files) throws IOException {
    long[] events = {0};
    Sources sources =
        new Sources(
            Samples.rules(CaptureProfile.PROSE, PathMode.RELATIVE),
            new Redactor(new Budget(System::nanoTime, Duration.ofMinutes(1), Duration.ZERO)),
            Samples.CLOCK);
    for (Path file : files) {
      sources.read(file, _ -> events[0]++);
    }
    return events[0];
  }
}
