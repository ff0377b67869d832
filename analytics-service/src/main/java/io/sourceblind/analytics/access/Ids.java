// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import java.util.UUID;
import java.util.regex.Pattern;

/// Ids as they stand in addresses.
public final class Ids {
  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Ids() {}

  /// Whether it has the form of one.
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /// The id, or nothing found: an id of another form is one that does not exist.
  public static UUID of(String text) {
    if (!isOne(text)) {
      throw new NotFound();
    }
    return UUID.fromString(text);
  }
}
