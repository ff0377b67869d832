// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.Provider;
import io.sourceblind.events.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The usage of one answer of a model. The tool writes it again on each row of the answer, and only
/// the last one is whole, so the largest counts.
final class UsageDraft {

  final Instant at;
  final String model;
  final Provider provider;
  final boolean subagent;
  final @Nullable Ref agent;
  final @Nullable Ref turn;
  long input;
  long output;
  long cacheRead;
  long cacheCreation;

  UsageDraft(
      Instant at,
      String model,
      Provider provider,
      boolean subagent,
      @Nullable Ref agent,
      @Nullable Ref turn) {
    this.at = at;
    this.model = model;
    this.provider = provider;
    this.subagent = subagent;
    this.agent = agent;
    this.turn = turn;
  }

  void see(JsonNode usage) {
    input = Math.max(input, Json.number(usage, "input_tokens", 0));
    output = Math.max(output, Json.number(usage, "output_tokens", 0));
    cacheRead = Math.max(cacheRead, Json.number(usage, "cache_read_input_tokens", 0));
    cacheCreation = Math.max(cacheCreation, Json.number(usage, "cache_creation_input_tokens", 0));
  }
}
