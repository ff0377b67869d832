// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;

/// A keyed hash of a native identifier: equal things have equal refs, and nobody can go back.
///
/// @param high the first 8 bytes of the HMAC-SHA-256
/// @param low the next 8 bytes
public record Ref(long high, long low) {

  /// The 32 lower-case hexadecimal digits that stand on the wire.
  @JsonValue
  public String hex() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
