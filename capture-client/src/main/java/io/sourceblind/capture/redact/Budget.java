// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.function.LongSupplier;

/// How long one text may take: a fixed part and a part that grows with its length.
///
/// @param nanos what time it is, in nanoseconds; only differences count
/// @param fixed what every text may take
/// @param perKilobyte what each further thousand characters may take
public record Budget(LongSupplier nanos, Duration fixed, Duration perKilobyte) {

  /// The standard budget, counted in processor time of this thread, so that a busy machine does not
  /// decide what is removed.
  public static Budget standard() {
    return new Budget(processorTime(), Duration.ofMillis(5), Duration.ofMillis(1));
  }

  static Budget unlimited() {
    return new Budget(() -> 0L, Duration.ofDays(1), Duration.ZERO);
  }

  private static LongSupplier processorTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    boolean known = threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
    // Virtual threads answer -1; the wall clock is then the stricter of the two.
    return () -> {
      long used = known ? threads.getCurrentThreadCpuTime() : -1;
      return used >= 0 ? used : System.nanoTime();
    };
  }

  Deadline start(int characters) {
    return start(characters, 1);
  }

  Deadline start(int characters, int times) {
    long allowed = fixed.toNanos() + perKilobyte.toNanos() * (characters / 1_000L);
    return new Deadline(nanos, nanos.getAsLong(), allowed * times);
  }

  /// Asked between stages and every few lines; says no by throwing.
  record Deadline(LongSupplier nanos, long started, long allowed) {
    void check() {
      if (nanos.getAsLong() - started > allowed) {
        throw new TooMuch("The text took longer than it may");
      }
    }
  }
}
