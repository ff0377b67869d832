// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.merkle;

import java.security.DigestException;
import java.security.MessageDigest;

/// A tree that grows at its right edge: it keeps one hash for each complete subtree there, which is
/// all that a root needs. Not for several threads.
public final class Frontier {
  private static final int NODE_BYTES = 1 + 2 * Hash.BYTES;
  private static final int MOST_LEVELS = 63;

  private final MessageDigest sha256 = Hash.sha256();
  private final byte[] pair = new byte[NODE_BYTES];

  /// The left siblings that wait: one for each bit of the size.
  private final byte[][] waiting = new byte[MOST_LEVELS][Hash.BYTES];

  /// The subtrees that the last leaf completed.
  private final byte[][] completed = new byte[MOST_LEVELS][Hash.BYTES];

  private long size;

  public Frontier() {
    pair[0] = 1;
  }

  /// The right edge of a tree that is there already.
  public static Frontier of(long size, Subtrees subtrees) {
    var frontier = new Frontier();
    frontier.size = size;
    for (var level = 0; level < MOST_LEVELS; level++) {
      if (frontier.waits(level)) {
        copy(subtrees.at(level, (size >> level) - 1).bytes(), frontier.waiting[level]);
      }
    }
    return frontier;
  }

  public long size() {
    return size;
  }

  /// Adds the hash of a leaf, and joins what is complete.
  public void add(byte[] leafHash) {
    copy(leafHash, completed[0]);
    var level = 0;
    while (waits(level)) {
      join(waiting[level], completed[level], completed[level + 1]);
      level++;
    }
    copy(completed[level], waiting[level]);
    size++;
  }

  /// The root of the subtree of this level that the last leaf completed.
  public Hash completed(int level) {
    if (size == 0 || Long.numberOfTrailingZeros(size) < level) {
      throw new IllegalStateException("No subtree of level %d ends here".formatted(level));
    }
    return Hash.of(completed[level]);
  }

  public Hash root() {
    if (size == 0) {
      return Hash.ofNothing();
    }
    var smallest = Long.numberOfTrailingZeros(size);
    var root = waiting[smallest].clone();
    for (var level = smallest + 1; level < MOST_LEVELS; level++) {
      if (waits(level)) {
        join(waiting[level], root, root);
      }
    }
    return Hash.of(root);
  }

  private boolean waits(int level) {
    return (size >> level & 1) == 1;
  }

  private void join(byte[] left, byte[] right, byte[] into) {
    System.arraycopy(left, 0, pair, 1, Hash.BYTES);
    System.arraycopy(right, 0, pair, 1 + Hash.BYTES, Hash.BYTES);
    sha256.update(pair, 0, NODE_BYTES);
    try {
      sha256.digest(into, 0, Hash.BYTES);
    } catch (DigestException impossible) {
      throw new IllegalStateException("32 bytes are enough for SHA-256", impossible);
    }
  }

  private static void copy(byte[] from, byte[] to) {
    System.arraycopy(from, 0, to, 0, Hash.BYTES);
  }
}
