// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

import com.fasterxml.jackson.annotation.JsonValue;

/// Words of an engineer that have been through the redactor. Only the redactor makes one.
public interface Prose {

  /// One paragraph of plain prose, 1 to 4,000 characters of the alphabet in `docs/privacy.md`.
  @JsonValue
  String text();
}
