// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/// Choices that a row of bytes makes, so that whoever mutates the bytes, a fuzzer or a property's
/// generator, mutates what is built from them. Behind the last byte every choice is the first one.
final class Draws {
  private final byte[] bytes;
  private int at;

  Draws(byte[] bytes) {
    this.bytes = bytes;
  }

  int below(int bound) {
    return bound <= 256 ? next() % bound : (next() << 8 | next()) % bound;
  }

  boolean oneIn(int some) {
    return below(some) == some - 1;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  long number() {
    var number = 0L;
    for (var length = below(9); length > 0; length--) {
      number = number << 8 | next();
    }
    return number;
  }

  /// As UTF-8 or as single bytes, so that all of Unicode and all that is broken in it come up.
  String text() {
    return new String(bytes(), oneIn(3) ? ISO_8859_1 : UTF_8);
  }

  byte[] bytes() {
    var length = below(48);
    var to = Math.min(bytes.length, at + length);
    var drawn = Arrays.copyOfRange(bytes, at, to);
    at = to;
    return drawn;
  }

  /// The same bytes from behind, for what matters less: it does not use up what comes first.
  Draws fromBehind() {
    var reversed = bytes.clone();
    for (var i = 0; i < reversed.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return new Draws(reversed);
  }

  byte[] rest() {
    var rest = Arrays.copyOfRange(bytes, at, bytes.length);
    at = bytes.length;
    return rest;
  }

  private int next() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }
}
