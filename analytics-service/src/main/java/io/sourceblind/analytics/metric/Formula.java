// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

/// How a value is made of the sums of one person's week.
public sealed interface Formula {

  /// A count; somebody who did nothing of the kind has zero.
  record Count(String column) implements Formula {}

  /// One sum by another.
  ///
  /// @param least below this many of `bottom` there is no value: a rate of one of one says nothing
  /// @param otherwise what a person without a value counts as in a team's mean; a constant of the
  ///   rules, so that nobody's absence changes the size of the group
  record Rate(String top, String bottom, int least, double otherwise) implements Formula {}

  /// The expression over the columns of the roll-up; null where there is no value.
  default String sql() {
    return switch (this) {
      case Count(var column) -> column + "::double precision";
      case Rate(var top, var bottom, var least, _) ->
          "case when %s >= %d then %s::double precision / %s end"
              .formatted(bottom, least, top, bottom);
    };
  }
}
