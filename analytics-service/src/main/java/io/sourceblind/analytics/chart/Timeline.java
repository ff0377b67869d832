// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import static java.time.ZoneOffset.UTC;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// When something lasted, as bars on one row for each day, in UTC. Plain SVG; whoever points at a
/// bar is told what it is, and whoever sees none of it reads the table beside it.
///
/// @param days in the order of time
public record Timeline(String title, List<LocalDate> days, List<Bar> bars) {
  private static final double LEFT = 84;
  private static final double RIGHT = 636;
  private static final double TOP = 8;
  private static final double ROW = 22;
  private static final double THICK = 12;

  /// Even what was over at once can be pointed at.
  private static final double LEAST_WIDTH = 3;

  private static final double HOURS = 24;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);

  /// From when to when something lasted.
  ///
  /// @param words what it was
  public record Bar(Instant from, Instant to, String words) {}

  /// Draws it.
  ///
  /// @param id unlike any other on the page; letters, digits and hyphens
  public String draw(String id) {
    var bottom = TOP + ROW * days.size();
    var svg = new Svg();
    svg.add(
        "<svg class='timeline' viewBox='0 0 660 %s' role='img' aria-labelledby='%s-t %s-d'>",
        bottom + 22, id, id);
    svg.add("<title id='%s-t'>%s</title><desc id='%s-d'>%s</desc>", id, title, id, inWords());
    for (var hour = 0; hour <= HOURS; hour += 6) {
      svg.add("<path class='grid' d='M%s %sV%s'/>", x(hour), TOP, bottom);
      svg.add(
          "<text class='tick' x='%s' y='%s' text-anchor='middle'>%s:00</text>",
          x(hour), bottom + 16, hour);
    }
    for (var row = 0; row < days.size(); row++) {
      var day = days.get(row);
      svg.add(
          "<text class='tick' x='%s' y='%s' dy='3.5' text-anchor='end'>%s</text>",
          LEFT - 12, middle(row), DAY.format(day));
      svg.add("<path class='grid' d='M%s %sH%s'/>", LEFT, middle(row), RIGHT);
      for (var bar : bars) {
        draw(svg, bar, day, middle(row));
      }
    }
    svg.add("</svg>");
    return svg.toString();
  }

  /// What lasts over midnight has a bar on either day.
  private static void draw(Svg svg, Bar bar, LocalDate day, double middle) {
    var from = hours(day, bar.from());
    var to = hours(day, bar.to());
    if (from >= HOURS || to < 0) {
      return;
    }
    var left = x(Math.max(from, 0));
    var width = Math.max(x(Math.min(to, HOURS)) - left, LEAST_WIDTH);
    svg.add(
        "<rect class='bar' x='%s' y='%s' width='%s' height='%s' rx='2'><title>%s</title></rect>",
        left, middle - THICK / 2, width, THICK, bar.words());
  }

  private String inWords() {
    var busy =
        days.stream()
            .filter(day ->
                bars.stream()
                    .anyMatch(bar -> hours(day, bar.from()) < HOURS && hours(day, bar.from()) >= 0))
            .count();
    return "%d days from %s to %s, on %d of them something began, %d in all."
        .formatted(
            days.size(),
            DAY.format(days.getFirst()),
            DAY.format(days.getLast()),
            busy,
            bars.size());
  }

  private static double hours(LocalDate day, Instant at) {
    return Duration.between(day.atStartOfDay(UTC), at.atOffset(UTC)).toSeconds() / 3600.0;
  }

  private double middle(int row) {
    return TOP + ROW * row + ROW / 2;
  }

  private static double x(double hour) {
    return LEFT + hour * (RIGHT - LEFT) / HOURS;
  }
}
