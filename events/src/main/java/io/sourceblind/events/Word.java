// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// A word of a closed list, written in lower case on the wire.
public interface Word {

  /// The constant's name in Java.
  String name();

  /// The word as it is written on the wire: lower case, at most 32 letters, digits and `_`.
  @JsonValue
  default String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
