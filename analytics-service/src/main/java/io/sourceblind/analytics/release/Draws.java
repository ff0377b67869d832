// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.analytics.week.Epoch;
import io.sourceblind.analytics.week.IsoWeek;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;

/// What is drawn by lot for one roster. The same key and salt give the same draws, so a run that
/// was cut off and is repeated publishes the same numbers; without the salt nobody can draw them
/// again.
final class Draws {
  private static final int JITTERS = 4;

  private final ReleaseKey key;
  private final byte[] salt;

  Draws(ReleaseKey key, byte[] salt) {
    this.key = key;
    this.salt = salt.clone();
  }

  /// How many active people more than its floor a group needs in an epoch: 0 to 3.
  int jitter(Epoch epoch) {
    return stream("jitter", epoch.monday().toString()).nextInt(JITTERS);
  }

  /// By how much all numbers of a metric are off as long as the roster lasts, in parts of a step.
  int offset(String metric) {
    return DiscreteLaplace.draw(stream("offset", metric), Steps.OFFSET_SCALE);
  }

  /// What decides between the two steps that a number lies between, in parts of a step.
  int dither(String metric, IsoWeek period) {
    return stream("dither", metric + period.monday()).nextInt(Steps.PARTS);
  }

  private RandomGenerator stream(String purpose, String of) {
    return new Stream(key.mac(), salt, (purpose + '/' + of).getBytes(UTF_8));
  }

  private static final class Stream implements RandomGenerator {
    private final Mac mac;
    private final byte[] salt;
    private final byte[] name;
    private long count;

    Stream(Mac mac, byte[] salt, byte[] name) {
      this.mac = mac;
      this.salt = salt;
      this.name = name;
    }

    @Override
    public long nextLong() {
      mac.update(salt);
      mac.update(ByteBuffer.allocate(Long.BYTES).putLong(count++).flip());
      return ByteBuffer.wrap(mac.doFinal(name)).getLong();
    }
  }
}
