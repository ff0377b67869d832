// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Weighs each line the structure scanners left open with its neighbours: a line that says little
/// on its own is source among source, and prose among prose.
final class Context {

  private static final double NEIGHBOUR = 0.34;
  private static final double ACROSS_BLANK = 0.12;

  /// How many facts about a line and its neighbours the model weighs.
  static final int FACTS = 34;

  private final List<Line> lines;
  private final @Nullable Model model;

  /// @param model what weighs the facts; null only for tests of what happens without one
  Context(List<Line> lines, @Nullable Model model) {
    this.lines = lines;
    this.model = model;
  }

  void decide() {
    claim(ruled());
  }

  /// What the rules alone say, and then what the model makes of it.
  private boolean[] ruled() {
    Facts facts = facts();
    boolean[] source = facts.source;
    Model weighs = model;
    if (weighs == null) {
      return source;
    }
    double[] scores = facts.scores(weighs);
    boolean[] learned = new boolean[source.length];
    for (int i = 0; i < source.length; i++) {
      learned[i] =
          lines.get(i).isOpen() && !lines.get(i).isBlank() && weighs.isSource(facts.of(i, scores));
    }
    return learned;
  }

  Facts facts() {
    int size = lines.size();
    double[] base = new double[size];
    for (int i = 0; i < size; i++) {
      base[i] = lines.get(i).isBlank() ? 0 : LineScore.of(lines.get(i));
    }
    double[] now = base.clone();
    for (int round = 0; round < 2; round++) {
      double[] next = base.clone();
      for (int i = 0; i < size; i++) {
        if (lines.get(i).isOpen() && !lines.get(i).isBlank()) {
          next[i] = base[i] + neighbour(now, i, -1) + neighbour(now, i, 1);
        }
      }
      now = next;
    }
    boolean[] source = new boolean[size];
    for (int i = 0; i < size; i++) {
      source[i] = lines.get(i).isOpen() && !lines.get(i).isBlank() && now[i] > 0;
    }
    sandwiched(source, base);
    blocks(source, base);
    sandwiched(source, base);
    return new Facts(lines, base, now, source);
  }

  /// What the rules found out about each line, as numbers.
  static final class Facts {
    private final List<Line> lines;
    private final double[] base;
    private final double[] now;
    private final boolean[] source;

    /// Where the block of lines without a blank one begins and ends that each line stands in.
    private final int[] blockFrom;

    private final int[] blockTo;
    private final int all;
    private final int allTaken;

    Facts(List<Line> lines, double[] base, double[] now, boolean[] source) {
      this.lines = lines;
      this.base = base;
      this.now = now;
      this.source = source;
      int size = lines.size();
      this.blockFrom = new int[size];
      this.blockTo = new int[size];
      int from = 0;
      int all = 0;
      int taken = 0;
      for (int i = 0; i < size; i++) {
        boolean blank = lines.get(i).isBlank();
        from = i == 0 || lines.get(i - 1).isBlank() ? i : from;
        blockFrom[i] = from;
        if (!blank) {
          all++;
          taken += isTaken(i) ? 1 : 0;
        }
      }
      for (int i = size - 1; i >= 0; i--) {
        blockTo[i] = i + 1 < size && !lines.get(i + 1).isBlank() ? blockTo[i + 1] : i;
      }
      this.all = all;
      this.allTaken = taken;
    }

    /// The model's view of each line by itself; what the scanners took is source beyond doubt.
    double[] scores(Model model) {
      double[] scores = new double[lines.size()];
      for (int i = 0; i < scores.length; i++) {
        Line line = lines.get(i);
        scores[i] =
            line.isBlank()
                ? 0
                : line.isOpen() ? Math.clamp(model.line(TokenShapes.of(line)), -8, 8) : 4;
      }
      return scores;
    }

    double[] of(int i, double[] scores) {
      double[] facts = new double[FACTS];
      int above = nearest(i, -1);
      int below = nearest(i, 1);
      double up = above < 0 ? -1 : scores[above];
      double down = below < 0 ? -1 : scores[below];
      int from = blockFrom[i];
      int to = blockTo[i];
      double sum = 0;
      double most = -8;
      double least = 8;
      int taken = 0;
      for (int k = from; k <= to; k++) {
        sum += scores[k];
        most = Math.max(most, scores[k]);
        least = Math.min(least, scores[k]);
        taken += isTaken(k) ? 1 : 0;
      }
      int size = to - from + 1;
      boolean takenAbove = above >= 0 && isTaken(above);
      boolean takenBelow = below >= 0 && isTaken(below);
      facts[0] = 1;
      facts[1] = scores[i];
      facts[2] = at(scores, i - 1);
      facts[3] = at(scores, i - 2);
      facts[4] = at(scores, i - 3);
      facts[5] = at(scores, i + 1);
      facts[6] = at(scores, i + 2);
      facts[7] = at(scores, i + 3);
      facts[8] = up;
      facts[9] = down;
      facts[10] = sum / size;
      facts[11] = most;
      facts[12] = least;
      facts[13] = Math.clamp(base[i], -6, 6);
      facts[14] = Math.clamp(now[i], -8, 8);
      facts[15] = source[i] ? 1 : 0;
      facts[16] = i > 0 && !lines.get(i - 1).isOpen() ? 1 : 0;
      facts[17] = i + 1 < lines.size() && !lines.get(i + 1).isOpen() ? 1 : 0;
      facts[18] = i > 0 && lines.get(i - 1).isBlank() ? 1 : 0;
      facts[19] = i + 1 < lines.size() && lines.get(i + 1).isBlank() ? 1 : 0;
      facts[20] = above < 0 ? 1 : 0;
      facts[21] = below < 0 ? 1 : 0;
      facts[22] = takenAbove ? 1 : 0;
      facts[23] = takenBelow ? 1 : 0;
      facts[24] = (double) taken / size;
      facts[25] = all == 0 ? 0 : (double) allTaken / all;
      facts[26] = source[i] ? scores[i] : 0;
      facts[27] = Math.min(up, down);
      facts[28] = lines.get(i).indent >= 2 ? 1 : 0;
      facts[29] = Math.min(4, size / 3.0);
      facts[30] = Math.max(0, scores[i]);
      facts[31] = takenAbove && takenBelow ? 1 : 0;
      facts[32] = takenAbove && takenBelow && Character.isLowerCase(lines.get(i).first()) ? 1 : 0;
      facts[33] = all == allTaken + 1 ? 1 : 0;
      return facts;
    }

    private boolean isTaken(int i) {
      return source[i] || !lines.get(i).isOpen();
    }

    private static double at(double[] scores, int i) {
      return i < 0 || i >= scores.length ? 0 : scores[i];
    }

    private int nearest(int i, int step) {
      int k = i + step;
      while (k >= 0 && k < lines.size() && lines.get(k).isBlank()) {
        k += step;
      }
      return k >= 0 && k < lines.size() ? k : -1;
    }
  }

  private double neighbour(double[] scores, int at, int step) {
    int i = at + step;
    boolean blank = false;
    while (i >= 0 && i < lines.size() && lines.get(i).isBlank() && Math.abs(i - at) < 4) {
      blank = true;
      i += step;
    }
    if (i < 0 || i >= lines.size() || lines.get(i).isBlank()) {
      // Prose is what people begin and end with.
      return at == 0 || at == lines.size() - 1 ? -0.2 : 0;
    }
    if (!lines.get(i).isOpen()) {
      return blank || lines.get(i).edged ? 0 : 0.25;
    }
    double weight = blank ? ACROSS_BLANK : NEIGHBOUR;
    return weight * Math.clamp(scores[i], -4, 5);
  }

  /// A line with source right above and right below is source, unless it plainly speaks.
  private void sandwiched(boolean[] source, double[] base) {
    for (int i = 0; i < source.length; i++) {
      if (!lines.get(i).isOpen() || lines.get(i).isBlank() || source[i]) {
        continue;
      }
      boolean above = touches(source, i, -1);
      boolean below = touches(source, i, 1);
      if ((above && below && base[i] > -3.4)
          || ((above || below)
              && lines.get(i).indent >= 2
              && base[i] > -1.6
              && !LineScore.isListItem(lines.get(i).text))) {
        source[i] = true;
      }
    }
  }

  private boolean touches(boolean[] source, int at, int step) {
    int i = at + step;
    while (i >= 0 && i < lines.size() && lines.get(i).isBlank() && Math.abs(i - at) < 2) {
      i += step;
    }
    return i >= 0
        && i < lines.size()
        && (source[i]
            || (!lines.get(i).isOpen()
                && Math.abs(i - at) == 1
                && lines.get(i).verdict == Removed.CODE
                && lines.get(i).language == null));
  }

  /// Where most of what stands together is source, all of it is.
  private void blocks(boolean[] source, double[] base) {
    int i = 0;
    while (i < source.length) {
      int end = i;
      int yes = 0;
      int all = 0;
      while (end < source.length && !lines.get(end).isBlank() && !lines.get(end).edged) {
        all++;
        yes += source[end] || !lines.get(end).isOpen() ? 1 : 0;
        end++;
      }
      if (all >= 3 && yes * 3 >= all * 2) {
        for (int k = i; k < end; k++) {
          boolean edge = (k == i && i == 0) || (k == end - 1 && end == source.length);
          if (lines.get(k).isOpen() && base[k] > (edge ? -1.0 : -2.2)) {
            source[k] = true;
          }
        }
      }
      i = end + 1;
    }
  }

  private void claim(boolean[] source) {
    for (int i = 0; i < source.length; i++) {
      if (source[i]) {
        lines.get(i).verdict = Removed.CODE;
      }
    }
  }
}
