// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

/// A question that a few metrics answer together; they are meant to be read side by side.
public enum Group {
  ADOPTION("How much it is used"),
  DELEGATION("How work is handed over"),
  CHECKING("How results are checked"),
  HEALTH("How well it runs"),
  CHANGE("What changes look like"),
  /// Never released, for no team.
  OWN("Only on your own page");

  private final String title;

  Group(String title) {
    this.title = title;
  }

  /// The question's heading.
  public String title() {
    return title;
  }
}
