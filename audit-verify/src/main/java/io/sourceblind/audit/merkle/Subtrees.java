// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.merkle;

/// Where the roots of complete subtrees come from.
@FunctionalInterface
public interface Subtrees {

  /// The root of the subtree over `2^level` leaves that is number `index` of its level, from 0.
  Hash at(int level, long index);
}
