// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import java.io.PrintStream;

/// Says how far a long work has come, in one line of the terminal that is gone afterwards. Where no
/// person looks on it says nothing.
final class Meter implements AutoCloseable {

  private static final int WIDTH = 30;

  private final PrintStream err;
  private final boolean shown;
  private final String what;
  private final int all;
  private int done;
  private int lastPart = -1;
  private int longest;

  Meter(Surroundings surroundings, boolean quiet, String what, int all) {
    this.err = surroundings.err();
    this.shown = !quiet && all > 1 && surroundings.terminal().getAsBoolean();
    this.what = what;
    this.all = all;
    show();
  }

  void step() {
    done++;
    show();
  }

  private void show() {
    int part = all == 0 ? WIDTH : (int) ((long) Math.min(done, all) * WIDTH / all);
    if (!shown || part == lastPart) {
      return;
    }
    lastPart = part;
    String line =
        "[" + "=".repeat(part) + " ".repeat(WIDTH - part) + "] " + done + " of " + all + " " + what;
    longest = Math.max(longest, line.length());
    err.print("\r" + line);
    err.flush();
  }

  @Override
  public void close() {
    if (shown) {
      err.print("\r" + " ".repeat(longest) + "\r");
      err.flush();
    }
  }
}
