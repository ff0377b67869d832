// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.week.IsoWeek;
import java.util.List;
import java.util.Set;

/// The cells of a page as a table for spreadsheets. No text of the customer's is in it, so no cell
/// of it can be a formula.
final class Csv {
  private static final String HEAD =
      "metric,week,weeks,value,step,note,people,rules,released_on\r\n";

  private Csv() {}

  /// Notes are the bracketed shorthand of official statistics: `[c]` hidden, `[k]` the lowest step
  /// or less, `[b]` other people are counted from here on.
  static String of(List<Cell> cells, Set<IsoWeek> breaks) {
    var csv = new StringBuilder(HEAD);
    for (var cell : cells) {
      var value = cell.value();
      csv.append(cell.metric().sqlName()).append(',');
      csv.append(cell.week()).append(',');
      csv.append(cell.weeks()).append(',');
      csv.append(value == null ? "[c]" : value.toString()).append(',');
      csv.append(cell.step()).append(',');
      csv.append(value != null && value <= cell.step() ? "[k]" : "");
      csv.append(breaks.contains(cell.week()) ? "[b]" : "").append(',');
      csv.append(cell.people()).append(',');
      csv.append(cell.rules()).append(',');
      csv.append(cell.releasedOn()).append("\r\n");
    }
    return csv.toString();
  }
}
