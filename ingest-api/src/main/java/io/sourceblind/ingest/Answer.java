// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sourceblind.ingest.allowlist.Reason;
import io.sourceblind.ingest.allowlist.Verdict;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// What became of a batch.
///
/// @param events in the order in which they were sent
/// @param droppedFields how many fields were left out because the allowlist does not have them
@JsonNaming(SnakeCaseStrategy.class)
record Answer(List<OfEvent> events, int droppedFields) {

  /// What became of one event.
  ///
  /// @param eventId null if it had none that could be repeated
  /// @param verdict `accepted`, `duplicate` or `refused`
  /// @param field which field did not fit; the name of the rule where the database refused
  /// @param reason why, as a word of a closed list
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OfEvent(
      @Nullable UUID eventId, String verdict, @Nullable String field, @Nullable String reason) {

    static OfEvent refused(Verdict.Refused refused) {
      return new OfEvent(refused.eventId(), "refused", refused.field(), refused.reason().word());
    }

    static OfEvent stored(UUID eventId, Fate fate) {
      return switch (fate) {
        case Fate.Added() -> new OfEvent(eventId, "accepted", null, null);
        case Fate.Known() -> new OfEvent(eventId, "duplicate", null, null);
        case Fate.Past() -> new OfEvent(eventId, "refused", "occurred_at", Reason.TOO_OLD.word());
        case Fate.Refused(var rule) -> new OfEvent(eventId, "refused", rule, "database");
      };
    }
  }
}
