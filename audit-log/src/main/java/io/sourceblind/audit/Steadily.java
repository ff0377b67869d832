// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does a piece of work again and again, in a thread of its own, until it is closed.
public final class Steadily implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Steadily.class);

  private final ScheduledExecutorService thread;

  private Steadily(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /// Begins at once, and pauses after each round.
  public static Steadily run(String name, Duration pause, Runnable work) {
    var thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name(name).daemon(false).factory());
    // Nobody waits for it: what fails is logged, and the executor is closed by its owner.
    var _ =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException failed) {
                // Nothing is lost: the next round finds the same work to do.
                LOG.error("{} did not get through this time and tries again", name, failed);
              }
            },
            0,
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
    return new Steadily(thread);
  }

  /// Lets a running round end.
  @Override
  public void close() {
    thread.close();
  }
}
