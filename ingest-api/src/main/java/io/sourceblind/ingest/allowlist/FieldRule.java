// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.time.LocalDate;

/// One line of the allowlist: a field that may enter, and who answers for it.
///
/// @param name the field's name on the wire; `redaction.dropped_bytes` lies within `redaction`
/// @param bound which values it may have
/// @param required whether an event without it is refused
/// @param owner the team that needs it
/// @param reviewer the team that agreed
/// @param expires the last day on which it is let in, unless it is agreed on again
/// @param purpose what it is for
public record FieldRule(
    String name,
    Bound bound,
    boolean required,
    Sensitivity sensitivity,
    String owner,
    String reviewer,
    LocalDate expires,
    String purpose) {

  boolean expired(LocalDate today) {
    return today.isAfter(expires);
  }
}
