// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.util.Locale;

/// Whether redacted words leave the machine, or only numbers about them.
public enum CaptureProfile {
  PROSE,
  METADATA;

  /// The stricter of two: an engineer may ask for less than the organization, never for more.
  public CaptureProfile stricter(CaptureProfile other) {
    return this == METADATA || other == METADATA ? METADATA : PROSE;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
