// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/// Random numbers that nobody can guess, from a source that is made when the first one is asked
/// for: most commands need none, and to find the source takes a tenth of their time.
final class LateRandom implements RandomGenerator {

  private static final class Source {
    private static final SecureRandom RANDOM = new SecureRandom();
  }

  @Override
  public long nextLong() {
    return Source.RANDOM.nextLong();
  }

  @Override
  public int nextInt() {
    return Source.RANDOM.nextInt();
  }

  @Override
  public void nextBytes(byte[] bytes) {
    Source.RANDOM.nextBytes(bytes);
  }
}
