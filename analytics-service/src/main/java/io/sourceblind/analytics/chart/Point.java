// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.chart;

/// What a chart shows of one week. Nothing there, hidden and zero are three different things.
public sealed interface Point {

  /// How the axis names the week.
  String label();

  /// A number, zero included.
  record Value(String label, double value) implements Point {}

  /// There is a number, and it is not shown.
  record Hidden(String label) implements Point {}

  /// There is no number.
  record Missing(String label) implements Point {}
}
