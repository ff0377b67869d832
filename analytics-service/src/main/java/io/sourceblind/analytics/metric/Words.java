// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

/// What a metric is called, what it says, and what it does not.
///
/// @param meaning one sentence
/// @param misread one sentence on how it is read wrongly
public record Words(String title, String meaning, String misread) {
  public Words {
    if (title.isBlank() || !meaning.endsWith(".") || !misread.endsWith(".")) {
      throw new IllegalArgumentException(
          "A metric has a title, a sentence on its meaning and one on how it is misread");
    }
  }
}
