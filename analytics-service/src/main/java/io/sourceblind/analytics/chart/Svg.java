// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

import java.util.Locale;
import java.util.stream.Stream;

/// A picture that is being drawn. Texts are escaped and coordinates short.
final class Svg {
  private final StringBuilder text = new StringBuilder(4096);

  /// @param form with single quotes around attributes
  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be one more dependency.
  void add(String form, Object... arguments) {
    text.append(
        form.replace('\'', '"').formatted(Stream.of(arguments).map(Svg::written).toArray()));
  }

  private static String written(Object argument) {
    return argument instanceof Double number ? number(number) : escape(argument.toString());
  }

  /// A coordinate, as short as it may be.
  static String number(double value) {
    var text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
