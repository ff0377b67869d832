// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What the allowlist says about one event.
public sealed interface Verdict {

  /// The names of fields that were left out; `other` for one that is not shaped like a name.
  List<String> dropped();

  /// The event may be stored.
  ///
  /// @param event a tree of its own, made from allowlisted values only
  record Allowed(UUID eventId, ObjectNode event, List<String> dropped) implements Verdict {}

  /// The event may not be stored.
  ///
  /// @param eventId null if it had none that could be repeated
  /// @param field which field did not fit
  record Refused(@Nullable UUID eventId, String field, Reason reason, List<String> dropped)
      implements Verdict {}
}
