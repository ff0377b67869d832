// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/// A tree of a known size, and what can be proved of it.
public final class Tree {
  private final long size;
  private final Subtrees subtrees;

  public Tree(long size, Subtrees subtrees) {
    if (size < 0) {
      throw new IllegalArgumentException("A tree has no negative size");
    }
    this.size = size;
    this.subtrees = subtrees;
  }

  /// The root over all leaves.
  public Hash root() {
    return size == 0 ? Hash.ofNothing() : root(0, size);
  }

  /// RFC 9162, 2.1.3.1: that the leaf is in this tree.
  public List<Hash> inclusion(long index) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("There is no leaf %d in %d".formatted(index, size));
    }
    var path = new ArrayList<Hash>();
    include(index, 0, size, path);
    return path;
  }

  /// RFC 9162, 2.1.4.1: that this tree begins with the tree of the smaller size.
  public List<Hash> consistency(long smaller) {
    if (smaller < 0 || smaller > size) {
      throw new IllegalArgumentException("A tree of %d has no %d".formatted(size, smaller));
    }
    var path = new ArrayList<Hash>();
    if (smaller > 0 && smaller < size) {
      extend(smaller, 0, size, true, path);
    }
    return path;
  }

  private void include(long index, long from, long to, List<Hash> path) {
    if (to - from == 1) {
      return;
    }
    var split = from + split(to - from);
    if (index < split) {
      include(index, from, split, path);
      path.add(root(split, to));
    } else {
      include(index, split, to, path);
      path.add(root(from, split));
    }
  }

  private void extend(long smaller, long from, long to, boolean known, List<Hash> path) {
    if (smaller == to) {
      if (!known) {
        path.add(root(from, to));
      }
      return;
    }
    var split = from + split(to - from);
    if (smaller <= split) {
      extend(smaller, from, split, known, path);
      path.add(root(split, to));
    } else {
      extend(smaller, split, to, false, path);
      path.add(root(from, split));
    }
  }

  private Hash root(long from, long to) {
    var leaves = to - from;
    if (Long.bitCount(leaves) == 1) {
      return subtrees.at(Long.numberOfTrailingZeros(leaves), from / leaves);
    }
    var split = from + split(leaves);
    return Hash.ofNode(root(from, split), root(split, to));
  }

  /// The largest power of two that is smaller.
  private static long split(long leaves) {
    return Long.highestOneBit(leaves - 1);
  }
}
