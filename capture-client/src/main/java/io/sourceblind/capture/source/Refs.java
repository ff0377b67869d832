// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.Ref;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keyed hashes of native identifiers, and event ids derived from them. The key is issued to the
/// organization at enrolment, so nobody else can try out guesses.
public final class Refs {

  /// Keys are as long as the hash they key.
  public static final int KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  /// One for each thread, so that none waits for another.
  private final ThreadLocal<Mac> mac;

  public Refs(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("A key for refs has 32 bytes");
    }
    SecretKeySpec own = new SecretKeySpec(key, ALGORITHM);
    mac = ThreadLocal.withInitial(() -> keyed(own));
  }

  private static Mac keyed(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("This Java has no HMAC-SHA-256", missing);
    }
  }

  /// The ref of one thing; `what` keeps things of different kinds apart.
  public Ref of(String what, String id) {
    ByteBuffer hash = hash(what, id);
    return new Ref(hash.getLong(), hash.getLong());
  }

  /// An event id whose time is the event's and whose other bits follow from what the event is
  /// about, so that reading a file twice gives the same ids.
  public UUID eventId(Instant at, String what) {
    ByteBuffer hash = hash("event", what);
    long millis = at.toEpochMilli() & 0xFFFF_FFFF_FFFFL;
    long high = millis << 16 | 0x7000L | (hash.getLong() & 0x0FFFL);
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private ByteBuffer hash(String what, String id) {
    Mac own = mac.get();
    own.update(what.getBytes(StandardCharsets.UTF_8));
    own.update((byte) 0);
    return ByteBuffer.wrap(own.doFinal(id.getBytes(StandardCharsets.UTF_8)));
  }
}
