// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.util.UUID;

/// A set of 64 bits of each of many ids. Ids are hashes, so two of a million agree in all of them
/// once in some ten million years of such sets.
final class Fingerprints {

  private static final int SMALLEST = 1 << 10;

  private long[] slots = new long[SMALLEST];
  private int count;

  static long of(UUID id) {
    return of(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /// The time in the first half of an id is shared by many, so both halves are mixed.
  static long of(long high, long low) {
    long mixed = high * 0x9E37_79B9_7F4A_7C15L ^ low;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
    mixed ^= mixed >>> 32;
    return mixed == 0 ? 1 : mixed;
  }

  boolean has(long fingerprint) {
    return slots[slot(slots, fingerprint)] == fingerprint;
  }

  boolean add(long fingerprint) {
    int slot = slot(slots, fingerprint);
    if (slots[slot] == fingerprint) {
      return false;
    }
    slots[slot] = fingerprint;
    count++;
    if (count * 2 > slots.length) {
      grow();
    }
    return true;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long fingerprint : slots) {
      if (fingerprint != 0) {
        larger[slot(larger, fingerprint)] = fingerprint;
      }
    }
    slots = larger;
  }

  private static int slot(long[] slots, long fingerprint) {
    int slot = (int) fingerprint & (slots.length - 1);
    while (slots[slot] != 0 && slots[slot] != fingerprint) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
