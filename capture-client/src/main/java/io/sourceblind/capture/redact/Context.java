// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import org.jspecify.annotations.Nullable;

/// Weighs each line the structure scanners left open with its neighbours: a line that says little
/// on its own is source among source, and prose among prose.
final class Context {

  private static final double NEIGHBOUR = 0.34;
  private static final double ACROSS_BLANK = 0.12;

  /// What a line that the scanners took weighs, and what none of the model's doubts reach.
  private static final double SURE = 5;

  /// How many facts about a line and its neighbours the model weighs.
  static final int FACTS = 51;

  private final Line[] lines;
  private final @Nullable Model model;

  /// @param model what weighs the facts; null only for tests of what happens without one
  Context(Line[] lines, @Nullable Model model) {
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
    double[] weights = new double[source.length];
    double[] known = new double[FACTS];
    for (int i = 0; i < source.length; i++) {
      if (lines[i].isOpen() && !lines[i].isBlank()) {
        weights[i] = weighs.weigh(facts.of(i, scores, known));
        learned[i] = weighs.isSource(weights[i]);
      } else {
        weights[i] = lines[i].isBlank() ? 0 : SURE;
      }
    }
    spoken(learned);
    cutOut(learned);
    goingOn(learned, weights);
    return learned;
  }

  /// A whole sentence on a line of its own is none, whatever it quotes.
  private void spoken(boolean[] source) {
    for (int i = 0; i < source.length; i++) {
      if (source[i]
          && !(i > 0 && isTaken(source, i - 1))
          && !(i + 1 < source.length && isTaken(source, i + 1))
          && isSentence(lines[i])) {
        source[i] = false;
      }
    }
  }

  private static boolean isSentence(Line line) {
    LineScore said = LineScore.countsOf(line);
    return line.indent < 2
        && Character.isUpperCase(line.first())
        && ".?!".indexOf(line.last()) >= 0
        && said.functionWords >= 8
        && said.longestPlainRun >= 6
        && said.operators + said.calls + said.snake == 0;
  }

  /// What is indented as a whole was cut out of something: nobody types like that.
  private void cutOut(boolean[] source) {
    int count = 0;
    for (Line line : lines) {
      if (!line.isBlank()) {
        if (line.indent < 2) {
          return;
        }
        count++;
      }
    }
    for (int i = 0; count > 2 && i < source.length; i++) {
      source[i] |= lines[i].isOpen() && !lines[i].isBlank();
    }
  }

  /// A sentence that begins in source ends there, however many lines it takes, and one that ends in
  /// source began there.
  private void goingOn(boolean[] source, double[] weights) {
    for (int i = 1; i < source.length; i++) {
      if (isTaken(source, i - 1) && weights[i - 1] > 1 && isJoined(i) && mayGo(i)) {
        source[i] |= weights[i] > -SURE;
      }
    }
    for (int i = source.length - 2; i >= 0; i--) {
      if (isTaken(source, i + 1) && weights[i + 1] > 1 && isJoined(i + 1) && mayGo(i)) {
        source[i] |= weights[i] > -SURE;
      }
    }
  }

  private boolean isTaken(boolean[] source, int i) {
    Line line = lines[i];
    return source[i] || (!line.isOpen() && !line.edged && line.verdict == Removed.CODE);
  }

  private boolean mayGo(int i) {
    Line line = lines[i];
    LineScore said = LineScore.countsOf(line);
    return line.isOpen()
        && !line.isBlank()
        && said.selfWords + said.talkWords == 0
        && line.last() != '?';
  }

  /// Whether a line goes on with the sentence of the line above it.
  private boolean isJoined(int i) {
    Line above = lines[i - 1];
    Line below = lines[i];
    return Character.isLowerCase(below.first())
        && isUnfinished(above)
        && LineScore.countsOf(above).functionWords >= 2
        && LineScore.countsOf(below).functionWords >= 1;
  }

  /// Whether its sentence is not over: it ends in a word, a comma or what joins two lines.
  private static boolean isUnfinished(Line line) {
    char end = line.last();
    return Character.isLetter(end) || end == ',' || end == '\\';
  }

  Facts facts() {
    int size = lines.length;
    double[] base = new double[size];
    for (int i = 0; i < size; i++) {
      // What the scanners took is source beyond doubt; nobody asks for its score.
      base[i] = lines[i].isBlank() || !lines[i].isOpen() ? 0 : LineScore.of(lines[i]);
    }
    double[] now = base.clone();
    for (int round = 0; round < 2; round++) {
      double[] next = base.clone();
      for (int i = 0; i < size; i++) {
        if (lines[i].isOpen() && !lines[i].isBlank()) {
          next[i] = base[i] + neighbour(now, i, -1) + neighbour(now, i, 1);
        }
      }
      now = next;
    }
    boolean[] source = new boolean[size];
    for (int i = 0; i < size; i++) {
      source[i] = lines[i].isOpen() && !lines[i].isBlank() && now[i] > 0;
    }
    sandwiched(source, base);
    blocks(source, base);
    sandwiched(source, base);
    return new Facts(lines, base, now, source);
  }

  /// What the rules found out about each line, as numbers.
  static final class Facts {
    private final Line[] lines;
    private final double[] base;
    private final double[] now;
    private final boolean[] source;

    /// Where the block of lines without a blank one begins and ends that each line stands in.
    private final int[] blockFrom;

    private final int[] blockTo;

    /// The smallest indentation in that block.
    private final int[] inset;

    /// Whether it goes on with an item of a list, set in as far as that item's words.
    private final boolean[] wrapped;

    /// Whether it stands between source and source, with nothing around it in which somebody speaks
    /// of themselves or asks.
    private final boolean[] silent;

    /// And in the whole text.
    private final int allInset;

    private final int all;
    private final int allTaken;

    /// The block that was asked for last.
    private Block block = new Block(-1, new double[0], 0, 0, 0, 0);

    Facts(Line[] lines, double[] base, double[] now, boolean[] source) {
      this.lines = lines;
      this.base = base;
      this.now = now;
      this.source = source;
      int size = lines.length;
      this.blockFrom = new int[size];
      this.blockTo = new int[size];
      this.inset = new int[size];
      int from = 0;
      int least = Integer.MAX_VALUE;
      int all = 0;
      int taken = 0;
      for (int i = 0; i < size; i++) {
        boolean blank = lines[i].isBlank();
        from = i == 0 || lines[i - 1].isBlank() ? i : from;
        blockFrom[i] = from;
        inset[i] = from == i ? lines[i].indent : Math.min(inset[i - 1], lines[i].indent);
        if (!blank) {
          least = Math.min(least, lines[i].indent);
          all++;
          taken += isTaken(i) ? 1 : 0;
        }
      }
      for (int i = size - 1; i >= 0; i--) {
        boolean goesOn = i + 1 < size && !lines[i + 1].isBlank() && !lines[i].isBlank();
        blockTo[i] = i + 1 < size && !lines[i + 1].isBlank() ? blockTo[i + 1] : i;
        inset[i] = goesOn ? inset[i + 1] : inset[i];
      }
      this.wrapped = new boolean[size];
      for (int i = 1; i < size; i++) {
        Line above = lines[i - 1];
        int step = lines[i].indent - above.indent;
        wrapped[i] =
            !lines[i].isBlank()
                && !lines[i].item
                && (wrapped[i - 1] ? step == 0 : above.item && step >= 2 && step <= 4);
      }
      this.silent = new boolean[size];
      silence();
      this.allInset = all == 0 ? 0 : least;
      this.all = all;
      this.allTaken = taken;
    }

    private void silence() {
      int size = lines.length;
      int i = 0;
      while (i < size) {
        if (lines[i].isBlank() || isTaken(i)) {
          i++;
          continue;
        }
        int end = i;
        boolean speaks = false;
        int last = i;
        while (end < size && (lines[end].isBlank() || !isTaken(end))) {
          Line line = lines[end];
          if (!line.isBlank()) {
            last = end;
            speaks |= line.last() == '?' || LineScore.countsOf(line).selfWords > 0;
          }
          end++;
        }
        boolean between = end < size && nearest(i, -1) >= 0;
        for (int k = i; k <= last; k++) {
          silent[k] = between && !speaks;
        }
        i = end;
      }
    }

    /// The model's view of each line by itself; what the scanners took is source beyond doubt.
    double[] scores(Model model) {
      double[] scores = new double[lines.length];
      TokenShapes shapes = new TokenShapes();
      for (int i = 0; i < scores.length; i++) {
        Line line = lines[i];
        if (line.isBlank() || !line.isOpen()) {
          scores[i] = line.isBlank() ? 0 : 4;
          continue;
        }
        shapes.read(line);
        scores[i] = Math.clamp(model.line(shapes), -8, 8);
      }
      return scores;
    }

    double[] of(int i, double[] scores) {
      return of(i, scores, new double[FACTS]);
    }

    /// The same into an array that is used again; each fact is written.
    @SuppressWarnings("ReferenceEquality") // the block of this very array, not of an equal one
    double[] of(int i, double[] scores, double[] facts) {
      int above = nearest(i, -1);
      int below = nearest(i, 1);
      double up = above < 0 ? -1 : scores[above];
      double down = below < 0 ? -1 : scores[below];
      int from = blockFrom[i];
      int to = blockTo[i];
      if (block.from() != from || block.scores() != scores) {
        block = block(from, to, scores);
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
      facts[10] = block.sum() / size;
      facts[11] = block.most();
      facts[12] = block.least();
      facts[13] = Math.clamp(base[i], -6, 6);
      facts[14] = Math.clamp(now[i], -8, 8);
      facts[15] = source[i] ? 1 : 0;
      facts[16] = i > 0 && !lines[i - 1].isOpen() ? 1 : 0;
      facts[17] = i + 1 < lines.length && !lines[i + 1].isOpen() ? 1 : 0;
      facts[18] = i > 0 && lines[i - 1].isBlank() ? 1 : 0;
      facts[19] = i + 1 < lines.length && lines[i + 1].isBlank() ? 1 : 0;
      facts[20] = above < 0 ? 1 : 0;
      facts[21] = below < 0 ? 1 : 0;
      facts[22] = takenAbove ? 1 : 0;
      facts[23] = takenBelow ? 1 : 0;
      facts[24] = (double) block.taken() / size;
      facts[25] = all == 0 ? 0 : (double) allTaken / all;
      facts[26] = source[i] ? scores[i] : 0;
      facts[27] = Math.min(up, down);
      facts[28] = lines[i].indent >= 2 && !wrapped[i] ? 1 : 0;
      facts[29] = Math.min(4, size / 3.0);
      facts[30] = Math.max(0, scores[i]);
      facts[31] = takenAbove && takenBelow ? 1 : 0;
      facts[32] = takenAbove && takenBelow && Character.isLowerCase(lines[i].first()) ? 1 : 0;
      facts[33] = all == allTaken + 1 ? 1 : 0;
      Line line = lines[i];
      LineScore said = LineScore.countsOf(line);
      boolean list = line.item;
      boolean heading =
          (line.heading && line.text.startsWith("##"))
              || (i + 1 < lines.length && LineScore.isRule(lines[i + 1].text) && from == i);
      boolean asks = line.last() == '?' || said.talkWords > 0 || said.selfWords > 0;
      boolean goesOn = Character.isLowerCase(line.first()) && i > 0 && isUnfinished(lines[i - 1]);
      facts[34] = inset[i] >= 2 && !list && !wrapped[i] ? 1 : 0;
      facts[35] = allInset >= 2 ? 1 : 0;
      facts[36] = heading ? 1 : 0;
      facts[37] = list ? 1 : 0;
      facts[38] = asks ? 1 : 0;
      facts[39] = takenAbove && takenBelow && !asks ? 1 : 0;
      facts[40] = (takenAbove || takenBelow) && !asks ? 1 : 0;
      facts[41] = goesOn && isTaken(i - 1) ? 1 : 0;
      facts[42] = goesOn ? Math.clamp(scores[i - 1], -4, 4) : 0;
      facts[43] = list && scores[i] > 0 ? scores[i] : 0;
      boolean ends = line.last() == '.' || line.last() == ':' || line.last() == '!';
      facts[45] = line.isLinked() ? 1 : 0;
      facts[46] = Math.min(8, said.functionWords) / 8.0;
      facts[47] = said.functionWords >= 5 && ends ? 1 : 0;
      facts[48] = silent[i] ? 1 : 0;
      facts[49] = silent[i] && scores[i] > -4 ? 1 : 0;
      facts[50] = wrapped[i] ? 1 : 0;
      facts[44] = Math.min(1, said.longestPlainRun / 8.0);
      return facts;
    }

    /// What the lines of one block come to, which is asked for each of them.
    @SuppressWarnings("ArrayRecordComponent")
    private record Block(
        int from, double[] scores, double sum, double most, double least, int taken) {}

    private Block block(int from, int to, double[] scores) {
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
      return new Block(from, scores, sum, most, least, taken);
    }

    private boolean isTaken(int i) {
      return source[i] || !lines[i].isOpen();
    }

    private static double at(double[] scores, int i) {
      return i < 0 || i >= scores.length ? 0 : scores[i];
    }

    private int nearest(int i, int step) {
      int k = i + step;
      while (k >= 0 && k < lines.length && lines[k].isBlank()) {
        k += step;
      }
      return k >= 0 && k < lines.length ? k : -1;
    }
  }

  private double neighbour(double[] scores, int at, int step) {
    int i = at + step;
    boolean blank = false;
    while (i >= 0 && i < lines.length && lines[i].isBlank() && Math.abs(i - at) < 4) {
      blank = true;
      i += step;
    }
    if (i < 0 || i >= lines.length || lines[i].isBlank()) {
      // Prose is what people begin and end with.
      return at == 0 || at == lines.length - 1 ? -0.2 : 0;
    }
    if (!lines[i].isOpen()) {
      return blank || lines[i].edged ? 0 : 0.25;
    }
    double weight = blank ? ACROSS_BLANK : NEIGHBOUR;
    return weight * Math.clamp(scores[i], -4, 5);
  }

  /// A line with source right above and right below is source, unless it plainly speaks.
  private void sandwiched(boolean[] source, double[] base) {
    for (int i = 0; i < source.length; i++) {
      if (!lines[i].isOpen() || lines[i].isBlank() || source[i]) {
        continue;
      }
      boolean above = touches(source, i, -1);
      boolean below = touches(source, i, 1);
      if ((above && below && base[i] > -3.4)
          || ((above || below) && lines[i].indent >= 2 && base[i] > -1.6 && !lines[i].item)) {
        source[i] = true;
      }
    }
  }

  private boolean touches(boolean[] source, int at, int step) {
    int i = at + step;
    while (i >= 0 && i < lines.length && lines[i].isBlank() && Math.abs(i - at) < 2) {
      i += step;
    }
    return i >= 0
        && i < lines.length
        && (source[i]
            || (!lines[i].isOpen()
                && Math.abs(i - at) == 1
                && lines[i].verdict == Removed.CODE
                && lines[i].language == null));
  }

  /// Where most of what stands together is source, all of it is.
  private void blocks(boolean[] source, double[] base) {
    int i = 0;
    while (i < source.length) {
      int end = i;
      int yes = 0;
      int all = 0;
      while (end < source.length && !lines[end].isBlank() && !lines[end].edged) {
        all++;
        yes += source[end] || !lines[end].isOpen() ? 1 : 0;
        end++;
      }
      if (all >= 3 && yes * 3 >= all * 2) {
        for (int k = i; k < end; k++) {
          boolean edge = (k == i && i == 0) || (k == end - 1 && end == source.length);
          if (lines[k].isOpen() && base[k] > (edge ? -1.0 : -2.2)) {
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
        lines[i].verdict = Removed.CODE;
      }
    }
  }
}
