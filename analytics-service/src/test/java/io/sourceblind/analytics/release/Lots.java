// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.nio.ByteBuffer;
import java.util.Base64;

/// Draws that are the same in every run of a test.
final class Lots {
  private static final ReleaseKey KEY =
      ReleaseKey.of(Base64.getEncoder().encodeToString(new byte[32]));

  private Lots() {}

  static Draws draws(long seed) {
    return new Draws(KEY, ByteBuffer.allocate(32).putLong(seed).array());
  }
}
