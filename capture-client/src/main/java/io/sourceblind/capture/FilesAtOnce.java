// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.events.CapturedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads several files at once and hands on what they hold as if they were read one after the
/// other: the events of a file whose turn has not come are held back, and only so many of them.
final class FilesAtOnce {

  private static final int MOST_WORKERS = 4;

  /// What a worker needs for a line of 16 MiB that is all prompt, which is there several times
  /// over.
  private static final long ROOM = 100L * 1024 * 1024;

  private static final int MOST_HELD = 20_000;
  private static final int TOGETHER = 500;

  /// What became of a file.
  enum Outcome {
    READ,
    UNKNOWN,
    UNREADABLE,
    AROUND_A_PAUSE
  }

  /// What is done with the files. All but the reading itself is done for one file at a time, in
  /// their order.
  interface Reading {

    /// Looks what a file is.
    Opened open(Path file) throws IOException;

    void take(CapturedEvent event);

    void end(Path file, Outcome outcome);
  }

  /// How one file is read.
  ///
  /// @param waits whether it may only be read when all before it were, because what it tells
  ///   depends on what they told
  record Opened(boolean waits, Body body) {}

  /// Hands on the events of one file.
  interface Body {
    Outcome read(Consumer<CapturedEvent> events) throws IOException;
  }

  private final List<Path> files;
  private final Reading reading;

  // Guarded by this object.
  private int begun;
  private int turn;
  private int held;
  private final Map<Integer, Part> finished = new HashMap<>();
  private @Nullable Throwable failure;

  private FilesAtOnce(List<Path> files, Reading reading) {
    this.files = files;
    this.reading = reading;
  }

  /// As many files at once as this machine has processors, and as the heap has room for.
  static int usualWorkers() {
    Runtime machine = Runtime.getRuntime();
    return workers(machine.availableProcessors(), machine.maxMemory());
  }

  static int workers(int processors, long heap) {
    return Math.clamp(heap / ROOM, 1, Math.min(processors, MOST_WORKERS));
  }

  /// Reads them all. What fails where events are taken, or a mistake of a reader, ends it.
  static void read(List<Path> files, int workers, Reading reading) {
    FilesAtOnce all = new FilesAtOnce(List.copyOf(files), reading);
    int several = Math.min(workers, files.size());
    if (several <= 1) {
      all.work();
    } else {
      // Not virtual: the time a text may take is counted for each of these threads.
      try (ExecutorService pool = Executors.newFixedThreadPool(several)) {
        for (int i = 0; i < several; i++) {
          pool.execute(all::work);
        }
      }
    }
    all.requireDone();
  }

  private synchronized void requireDone() {
    switch (failure) {
      case RuntimeException mistake -> throw mistake;
      case Error grave -> throw grave;
      case null, default -> {}
    }
    if (turn < files.size()) {
      throw new IllegalStateException("The reading was interrupted");
    }
  }

  private void work() {
    try {
      for (Part part = begin(); part != null; part = begin()) {
        part.read();
      }
    } catch (Stopped other) {
      // Whoever stopped it has said why.
    } catch (RuntimeException | Error mistake) {
      stop(mistake);
    }
  }

  private synchronized @Nullable Part begin() {
    // Whose turn it is has begun long before, so this does not wait for itself.
    waitUntil(() -> held < MOST_HELD);
    if (failure != null || begun == files.size()) {
      return null;
    }
    begun++;
    return new Part(begun - 1);
  }

  private synchronized void stop(Throwable mistake) {
    failure = failure == null ? mistake : failure;
    notifyAll();
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super(null, null, false, false);
    }
  }

  /// Waits until it may go on, or until somebody stopped all.
  private synchronized void waitUntil(BooleanSupplier ready) {
    try {
      while (failure == null && !ready.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Stopped();
    }
  }

  /// One file, and its events that wait for its turn.
  private final class Part implements Consumer<CapturedEvent> {
    final int place;
    final Path file;
    private final List<CapturedEvent> waiting = new ArrayList<>();
    private int counted;
    private Outcome outcome = Outcome.UNREADABLE;
    private @Nullable RuntimeException mistake;

    Part(int place) {
      this.place = place;
      this.file = files.get(place);
    }

    void read() {
      try {
        Opened opened = reading.open(file);
        if (opened.waits()) {
          awaitTurn();
        }
        outcome = opened.body().read(this);
      } catch (IOException _) {
        outcome = Outcome.UNREADABLE;
      } catch (Stopped stopped) {
        throw stopped;
      } catch (RuntimeException wrong) {
        // What was told before it still counts, when the turn comes.
        mistake = wrong;
      }
      if (isParked()) {
        return;
      }
      for (Part next = this; next != null; next = next.after()) {
        next.handOn();
        next.end();
      }
    }

    @Override
    public void accept(CapturedEvent event) {
      waiting.add(event);
      if (waiting.size() % TOGETHER == 0 && isMyTurn()) {
        handOn();
      }
    }

    private void handOn() {
      List<CapturedEvent> now = List.copyOf(waiting);
      // Emptied first, so that what was refused is not offered again.
      waiting.clear();
      try {
        now.forEach(reading::take);
      } catch (RuntimeException refused) {
        stop(refused);
        throw new Stopped();
      }
    }

    private void end() {
      reading.end(file, outcome);
      if (mistake != null) {
        throw mistake;
      }
    }

    private void awaitTurn() {
      synchronized (FilesAtOnce.this) {
        waitUntil(() -> turn == place);
        requireGoing();
      }
    }

    /// Waits while too much is held; whose turn it is never does.
    private boolean isMyTurn() {
      synchronized (FilesAtOnce.this) {
        waitUntil(() -> turn == place || held < MOST_HELD);
        requireGoing();
        hold(turn == place ? 0 : waiting.size());
        return turn == place;
      }
    }

    /// Whether it was left for the worker whose turn it is.
    private boolean isParked() {
      synchronized (FilesAtOnce.this) {
        requireGoing();
        if (turn == place) {
          hold(0);
          return false;
        }
        hold(waiting.size());
        finished.put(place, this);
        return true;
      }
    }

    /// The turn goes on to the next file; that one, if it only waited for it.
    private @Nullable Part after() {
      synchronized (FilesAtOnce.this) {
        turn++;
        Part next = finished.remove(turn);
        if (next != null) {
          next.hold(0);
        }
        FilesAtOnce.this.notifyAll();
        return next;
      }
    }

    private void hold(int events) {
      held += events - counted;
      counted = events;
    }

    private void requireGoing() {
      if (failure != null) {
        throw new Stopped();
      }
    }
  }
}
