// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// What can be taken out of a text.
public enum Removed {
  CODE("code removed"),
  DIFF("diff removed"),
  STACK_TRACE("stack trace removed"),
  OUTPUT("output removed"),
  DATA("data removed"),
  TEXT("text removed"),
  SECRET("secret removed"),
  PERSONAL_DATA("personal data removed"),
  PATH("path"),
  NAME("name"),
  LINK("link");

  private final String words;

  Removed(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  boolean isSmall() {
    return this == PATH || this == NAME || this == LINK;
  }
}
