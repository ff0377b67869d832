// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.metric;

/// A question that a few metrics answer together; they are meant to be read side by side.
public enum Group {
  ADOPTION("How much it is used", "whoever brings the tools in"),
  DELEGATION("How work is handed over", "the team itself"),
  CHECKING("How results are checked", "the team itself"),
  HEALTH("How well it runs", "whoever runs tools and builds"),
  CHANGE("What changes look like", "the team itself"),
  /// Never released, for no team.
  OWN("Only on your own page", "you alone");

  private final String title;
  private final String owner;

  Group(String title, String owner) {
    this.title = title;
    this.owner = owner;
  }

  /// The question's heading.
  public String title() {
    return title;
  }

  /// Whose it is to act on what its metrics say.
  public String owner() {
    return owner;
  }
}
