// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.redact.Budget;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.capture.source.Refs;
import io.sourceblind.capture.source.Sources;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Sessions to test with: small ones of our own, and real ones where the machine has them.
public final class Samples {

  public static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);

  private Samples() {}

  public static Path ours(String name) {
    return of("claude-code/" + name);
  }

  /// A sample of ours by its tool's folder and its name.
  public static Path of(String name) {
    URL url = Samples.class.getResource("/" + name);
    try {
      return Path.of(java.util.Objects.requireNonNull(url).toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Real sessions: below the folder `-Dsourceblind.shared` names, else below a folder `shared`
  /// that stands beside one of the folders above this one.
  public static Optional<Path> real() {
    return shared()
        .map(folder -> folder.resolve("fixtures/claude-code"))
        .filter(Files::isDirectory);
  }

  /// Real sessions of every tool.
  public static Optional<Path> fixtures() {
    return shared().map(folder -> folder.resolve("fixtures")).filter(Files::isDirectory);
  }

  private static Optional<Path> shared() {
    String named = System.getProperty("sourceblind.shared");
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Files::isDirectory);
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path beside = folder.resolve("shared");
      if (Files.isDirectory(beside.resolve("fixtures"))) {
        return Optional.of(beside);
      }
    }
    return Optional.empty();
  }

  public static CaptureRules rules(CaptureProfile profile, PathMode paths) {
    byte[] key = new byte[Refs.KEY_BYTES];
    Arrays.fill(key, (byte) 7);
    return new CaptureRules(new Refs(key), profile, paths, "0.1.0");
  }

  public static Sources reader(CaptureProfile profile, PathMode paths) {
    Budget patient = new Budget(System::nanoTime, Duration.ofMinutes(1), Duration.ZERO);
    return reader(profile, paths, new Redactor(patient));
  }

  public static Sources reader(CaptureProfile profile, PathMode paths, Redactor redactor) {
    return new Sources(rules(profile, paths), redactor, CLOCK);
  }

  public static List<CapturedEvent> read(Path file) throws IOException {
    List<CapturedEvent> events = new ArrayList<>();
    reader(CaptureProfile.PROSE, PathMode.RELATIVE).read(file, events::add);
    return events;
  }
}
