// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.merkle;

import java.util.List;

/// Checks proofs, as somebody who holds roots and no tree.
public final class Proof {
  private Proof() {}

  /// RFC 9162, 2.1.3.2: whether the leaf is at its place in the tree with this root.
  public static boolean includes(Hash leaf, long index, long size, List<Hash> path, Hash root) {
    // Without this, an index past the end would be walked like one inside.
    if (index < 0 || index >= size) {
      return false;
    }
    var fn = index;
    var sn = size - 1;
    var hash = leaf;
    for (var sibling : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        hash = Hash.ofNode(sibling, hash);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        hash = Hash.ofNode(hash, sibling);
      }
      fn >>= 1;
      sn >>= 1;
    }
    // A path that is too short must fail here.
    return sn == 0 && hash.equals(root);
  }

  /// RFC 9162, 2.1.4.2: whether the larger tree begins with the smaller one.
  public static boolean extend(
      long smaller, Hash smallerRoot, long larger, Hash largerRoot, List<Hash> path) {
    if (smaller < 0 || smaller > larger) {
      return false;
    }
    if (smaller == larger) {
      return path.isEmpty() && smallerRoot.equals(largerRoot);
    }
    if (smaller == 0) {
      return path.isEmpty() && smallerRoot.equals(Hash.ofNothing());
    }
    if (path.isEmpty()) {
      return false;
    }
    var fn = smaller - 1;
    var sn = larger - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    // A smaller tree that is a complete subtree is its own first step.
    var first = Long.bitCount(smaller) == 1 ? smallerRoot : path.getFirst();
    var rest = Long.bitCount(smaller) == 1 ? path : path.subList(1, path.size());
    var fr = first;
    var sr = first;
    for (var step : rest) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = Hash.ofNode(step, fr);
        sr = Hash.ofNode(step, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = Hash.ofNode(sr, step);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && fr.equals(smallerRoot) && sr.equals(largerRoot);
  }
}
