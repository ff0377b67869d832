// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;

/// Weighs each line the structure scanners left open with its neighbours: a line that says little
/// on its own is source among source, and prose among prose.
final class Context {

  private static final double NEIGHBOUR = 0.34;
  private static final double ACROSS_BLANK = 0.12;

  private final List<Line> lines;

  Context(List<Line> lines) {
    this.lines = lines;
  }

  void decide(int regions) {
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
    claim(source, regions);
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

  private void claim(boolean[] source, int regions) {
    int region = regions;
    boolean open = false;
    for (int i = 0; i < source.length; i++) {
      if (source[i]) {
        if (!open) {
          region++;
        }
        open = true;
        lines.get(i).verdict = Removed.CODE;
        lines.get(i).region = region;
      } else if (!lines.get(i).isBlank()) {
        open = false;
      }
    }
  }
}
