// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When the engineer did not want to be captured. What happened then is left out for good, also by
/// an agent or an import that reads of it later.
public final class Pauses {

  static final String FILE = "pauses";

  private final List<Pause> pauses;

  /// @param to null while it lasts
  private record Pause(Instant from, @Nullable Instant to) {}

  private Pauses(List<Pause> pauses) {
    this.pauses = List.copyOf(pauses);
  }

  /// The pauses so far.
  ///
  /// @throws Unusable where the file cannot be understood: then nobody can say what to leave out
  public static Pauses load(CaptureFolder folder) throws IOException {
    String text = folder.text(FILE);
    List<Pause> pauses = new ArrayList<>();
    for (String line : text == null ? List.<String>of() : text.lines().toList()) {
      try {
        String[] times = line.split(" ", -1);
        pauses.add(
            new Pause(Instant.parse(times[0]), times.length > 1 ? Instant.parse(times[1]) : null));
      } catch (DateTimeException _) {
        throw new Unusable("The list of pauses cannot be read; see the file pauses in the folder.");
      }
    }
    return new Pauses(pauses);
  }

  public boolean isPaused() {
    return !pauses.isEmpty() && pauses.getLast().to() == null;
  }

  /// Whether a moment lies in a pause.
  public boolean covers(Instant at) {
    return pauses.stream()
        .anyMatch(
            pause -> !at.isBefore(pause.from()) && (pause.to() == null || at.isBefore(pause.to())));
  }

  /// Whether some of a stretch of time lies in a pause.
  public boolean overlap(Instant from, Instant to) {
    return pauses.stream()
        .anyMatch(pause ->
            !to.isBefore(pause.from()) && (pause.to() == null || from.isBefore(pause.to())));
  }

  /// A pause begins; one that lasts goes on.
  public Pauses from(Instant now) {
    if (isPaused()) {
      return this;
    }
    List<Pause> more = new ArrayList<>(pauses);
    more.add(new Pause(now, null));
    return new Pauses(more);
  }

  /// The pause ends, if there is one.
  public Pauses until(Instant now) {
    if (!isPaused()) {
      return this;
    }
    List<Pause> ended = new ArrayList<>(pauses);
    ended.set(ended.size() - 1, new Pause(ended.getLast().from(), now));
    return new Pauses(ended);
  }

  public void save(CaptureFolder folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Pause pause : pauses) {
      lines.append(pause.from()).append(pause.to() == null ? "" : " " + pause.to()).append('\n');
    }
    folder.replace(FILE, lines.toString());
  }
}
