// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.util.stream.Collectors.toSet;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.narrator.Narrator.Claim;
import io.sourceblind.analytics.release.ReleasedCell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Holds every sentence to the cells that it cites. The words that a sentence may have are a closed
/// list, so there are none in it for a person, a rank, a cause, a guess or an instruction; its
/// numbers are the cells' own.
final class Claims {
  static final int MOST_SENTENCES = 5;

  /// A dither moves a number by a step, so a movement that is told has two at least.
  static final int LEAST_MOVEMENT = 2;

  private static final List<String> RISING =
      List.of("rose", "risen", "grew", "grown", "increased", "climbed", "higher", "up");
  private static final List<String> FALLING =
      List.of("fell", "fallen", "declined", "decreased", "dropped", "lower", "down");
  private static final List<String> STEADY =
      List.of("stayed", "steady", "unchanged", "flat", "stable");
  private static final List<String> OTHER_WORDS =
      List.of(
          "a", "about", "and", "are", "at", "between", "by", "from", "group", "has", "have", "held",
          "in", "is", "it", "less", "more", "moved", "of", "or", "over", "step", "steps", "team",
          "the", "this", "through", "to", "was", "week", "weeks", "were", "with", "within");
  private static final List<String> NUMBER_WORDS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve");

  private static final Set<String> KNOWN =
      Stream.of(RISING, FALLING, STEADY, OTHER_WORDS).flatMap(List::stream).collect(toSet());
  private static final Pattern SENTENCE = Pattern.compile("[A-Z][A-Za-z0-9 .,%-]{0,238}\\.");
  private static final Pattern WEEK = Pattern.compile("[0-9]{4}-W[0-9]{2}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?%?");

  private Claims() {}

  /// The words that a sentence may have besides its metric's own.
  static List<String> vocabulary() {
    return Stream.of(RISING, FALLING, STEADY, OTHER_WORDS, NUMBER_WORDS)
        .flatMap(List::stream)
        .toList();
  }

  /// What a narrator got wrong. A name of a rule and nothing of the answer: that may be anything.
  enum Fault {
    TOO_MANY_SENTENCES,
    NO_PLAIN_SENTENCE,
    UNKNOWN_CELL,
    HIDDEN_CELL,
    OTHER_METRICS,
    ACROSS_A_GAP,
    OTHER_WORDS,
    OTHER_NUMBERS,
    OTHER_WEEKS,
    OTHER_DIRECTION
  }

  /// A sentence that holds.
  record Sentence(Metric metric, String text) {}

  /// A draft that is wrong somewhere is wrong.
  static final class Untrue extends Exception {
    private static final long serialVersionUID = 1;

    private final Fault fault;

    Untrue(Fault fault) {
      super("What was written does not hold against its cells: " + fault);
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }

  /// The sentences of a draft, if all of them hold.
  static List<Sentence> holding(List<Claim> claims, Dossier dossier) throws Untrue {
    demand(claims.size() <= MOST_SENTENCES, Fault.TOO_MANY_SENTENCES);
    var sentences = new ArrayList<Sentence>();
    for (var claim : claims) {
      sentences.add(holding(claim, dossier));
    }
    return List.copyOf(sentences);
  }

  private static Sentence holding(Claim claim, Dossier dossier) throws Untrue {
    demand(SENTENCE.matcher(claim.text()).matches(), Fault.NO_PLAIN_SENTENCE);
    var cited = cited(claim, dossier);
    var first = cited.getFirst();
    var last = cited.getLast();
    var ofMetric = dossier.byMetric().getOrDefault(first.metric(), List.of());
    var run = ofMetric.subList(ofMetric.indexOf(first), ofMetric.indexOf(last) + 1);
    demandNoGap(run);
    new Words(claim.text(), run).demandThatAllHold();
    return new Sentence(first.metric(), claim.text());
  }

  /// In the order of time.
  private static List<ReleasedCell> cited(Claim claim, Dossier dossier) throws Untrue {
    var cited = new LinkedHashMap<String, ReleasedCell>();
    for (var id : claim.cells()) {
      cited.put(id, known(dossier.cell(id)));
    }
    demand(!cited.isEmpty(), Fault.UNKNOWN_CELL);
    var cells =
        cited.values().stream().sorted((one, other) -> one.week().compareTo(other.week())).toList();
    for (var cell : cells) {
      demand(cell.value() != null, Fault.HIDDEN_CELL);
      demand(cell.metric() == cells.getFirst().metric(), Fault.OTHER_METRICS);
    }
    return cells;
  }

  private static ReleasedCell known(@Nullable ReleasedCell cell) throws Untrue {
    if (cell == null) {
      throw new Untrue(Fault.UNKNOWN_CELL);
    }
    return cell;
  }

  private static void demandNoGap(List<ReleasedCell> run) throws Untrue {
    for (var place = 1; place < run.size(); place++) {
      demand(follows(run.get(place - 1), run.get(place)), Fault.ACROSS_A_GAP);
    }
  }

  /// Whether nothing is hidden, missing or of other people between two cells.
  static boolean follows(ReleasedCell before, ReleasedCell cell) {
    return before.value() != null
        && cell.value() != null
        && !cell.broken()
        && cell.weeks() == before.weeks()
        && cell.week().equals(before.week().plus(before.weeks()));
  }

  private static void demand(boolean holds, Fault fault) throws Untrue {
    if (!holds) {
      throw new Untrue(fault);
    }
  }

  /// One sentence, word for word.
  private static final class Words {
    private final List<ReleasedCell> run;
    private final ReleasedCell first;
    private final ReleasedCell last;
    private final List<String> words;

    Words(String text, List<ReleasedCell> run) throws Untrue {
      this.run = run;
      first = run.getFirst();
      last = run.getLast();
      var title = first.metric().title().toLowerCase(Locale.ROOT);
      var plain = text.substring(0, text.length() - 1).toLowerCase(Locale.ROOT);
      var at = plain.indexOf(title);
      demand(at >= 0, Fault.OTHER_METRICS);
      words =
          List.of(
              (plain.substring(0, at) + " " + plain.substring(at + title.length()))
                  .replace(", ", " ")
                  .strip()
                  .split(" +", -1));
    }

    void demandThatAllHold() throws Untrue {
      var values = new ArrayList<String>();
      var weeks = new ArrayList<String>();
      for (var place = 0; place < words.size(); place++) {
        var word = words.get(place);
        if (WEEK.matcher(word.toUpperCase(Locale.ROOT)).matches()) {
          weeks.add(word.toUpperCase(Locale.ROOT));
        } else if (NUMBER.matcher(word).matches() || NUMBER_WORDS.contains(word)) {
          number(place, values);
        } else {
          demand(isKnown(place), Fault.OTHER_WORDS);
        }
      }
      demandThatValuesAreTheCells(values);
      demandThatWeeksAreTheCells(weeks);
      demandThatItMovedSo(values);
    }

    /// Before "steps" and "weeks" it is how far and how long; anywhere else, a value.
    private void number(int place, List<String> values) throws Untrue {
      var word = words.get(place);
      var unit = place + 1 < words.size() ? words.get(place + 1) : "";
      switch (unit) {
        case "step", "steps" -> {
          var steps = isWithin(place) ? 1 : Math.abs(Dossier.stepsBetween(first, last));
          demand(count(word) == steps, Fault.OTHER_NUMBERS);
        }
        case "week", "weeks" -> demand(count(word) == spanned(), Fault.OTHER_NUMBERS);
        default -> values.add(word + boundAfter(place));
      }
    }

    private boolean isWithin(int place) {
      return place > 0 && words.get(place - 1).equals("within");
    }

    private long spanned() {
      var weeks = last.weeks();
      for (var week = first.week(); week.compareTo(last.week()) < 0; week = week.plus(1)) {
        weeks++;
      }
      return weeks;
    }

    private String boundAfter(int place) {
      var next = words.subList(place + 1, Math.min(words.size(), place + 3));
      return next.equals(List.of("or", "less")) || next.equals(List.of("or", "more"))
          ? " " + String.join(" ", next)
          : "";
    }

    private static long count(String word) {
      var known = NUMBER_WORDS.indexOf(word);
      if (known >= 0) {
        return known;
      }
      return word.matches("[0-9]{1,4}") ? Long.parseLong(word) : -1;
    }

    /// "or", "less" and "more" say something only as the ends of a value.
    private boolean isKnown(int place) {
      var word = words.get(place);
      return switch (word) {
        case "or" ->
            place > 0
                && NUMBER.matcher(words.get(place - 1)).matches()
                && !boundAfter(place - 1).isEmpty();
        case "less", "more" -> place > 0 && words.get(place - 1).equals("or");
        default ->
            KNOWN.contains(word)
                || List.of(first.metric().scale().unit().split(" ", -1)).contains(word);
      };
    }

    private void demandThatValuesAreTheCells(List<String> values) throws Untrue {
      var wanted =
          switch (values.size()) {
            case 0 -> List.of();
            case 1 -> List.of(Dossier.value(last));
            default -> List.of(Dossier.value(first), Dossier.value(last));
          };
      demand(values.equals(wanted), Fault.OTHER_NUMBERS);
    }

    private void demandThatWeeksAreTheCells(List<String> weeks) throws Untrue {
      var end = last.week().plus(last.weeks() - 1).toString();
      var wanted =
          switch (weeks.size()) {
            case 0 -> List.of();
            case 1 -> List.of(end);
            default -> List.of(first.week().toString(), end);
          };
      demand(weeks.equals(wanted), Fault.OTHER_WEEKS);
    }

    private void demandThatItMovedSo(List<String> values) throws Untrue {
      var moved = Dossier.stepsBetween(first, last);
      var said = Map.of(RISING, 1, FALLING, -1, STEADY, 0);
      var found =
          said.entrySet().stream()
              .filter(kind -> words.stream().anyMatch(kind.getKey()::contains))
              .map(Map.Entry::getValue)
              .toList();
      demand(found.size() <= 1, Fault.OTHER_DIRECTION);
      if (found.isEmpty()) {
        // A level, of one cell.
        demand(run.size() == 1 && values.size() == 1, Fault.OTHER_DIRECTION);
        return;
      }
      demand(run.size() > 1, Fault.OTHER_DIRECTION);
      switch (Objects.requireNonNull(found.getFirst())) {
        case 1 -> demand(moved >= LEAST_MOVEMENT, Fault.OTHER_DIRECTION);
        case -1 -> demand(moved <= -LEAST_MOVEMENT, Fault.OTHER_DIRECTION);
        default -> {
          for (var cell : run) {
            demand(
                Math.abs(Dossier.stepsBetween(cell, last)) < LEAST_MOVEMENT, Fault.OTHER_DIRECTION);
          }
        }
      }
    }
  }
}
