// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.util.UUID;

/// The rows of a tree are not what they were; somebody changed them past every guard.
final class TreeDamaged extends RuntimeException {
  private static final long serialVersionUID = 1;

  TreeDamaged(UUID organization, String how) {
    super(
        "The tree of organization %s %s; restore what is missing from an export, and find out who"
                .formatted(organization, how)
            + " took it");
  }
}
