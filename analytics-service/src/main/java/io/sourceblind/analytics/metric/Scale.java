// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// How far a metric reaches and how it is written.
///
/// @param unit what a value counts; "%" for a share
/// @param cap what one person counts for at most; a constant of the rules, never taken from data
public record Scale(String unit, double cap) {
  private static final String SHARE = "%";

  public Scale {
    if (!(cap > 0)) {
      throw new IllegalArgumentException(
          "Without a cap, one person could move a number by anything");
    }
  }

  static Scale upTo(double cap, String unit) {
    return new Scale(unit, cap);
  }

  static Scale share() {
    return new Scale(SHARE, 1);
  }

  /// Whether it is a part of a whole.
  public boolean isShare() {
    return unit.equals(SHARE);
  }

  /// A value as people read it: at most three digits that mean something.
  public String write(double value) {
    if (isShare()) {
      return plain(value * 100) + "\u202f%";
    }
    return value >= 1000 ? String.format(Locale.ENGLISH, "%,.0f", value) : plain(value);
  }

  private static String plain(double value) {
    if (value == 0) {
      return "0";
    }
    return BigDecimal.valueOf(value)
        .round(new MathContext(3, RoundingMode.HALF_UP))
        .stripTrailingZeros()
        .toPlainString();
  }
}
