// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// For whom a piece of work is done.
///
/// @param organization whose data it may touch
/// @param person whose own rows it may touch; null for work that is nobody's own
public record Tenant(UUID organization, @Nullable UUID person) {

  /// Work for an organization as a whole.
  public static Tenant of(UUID organization) {
    return new Tenant(organization, null);
  }
}
