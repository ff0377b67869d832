// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Ref;
import io.sourceblind.events.Tool;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Reads the rollouts of Codex CLI, of today and of the time before they had an envelope.
final class CodexReader implements LineReader {

  private static final int MOST_REMEMBERED = 200_000;
  private static final Set<String> ENVELOPES =
      Set.of("session_meta", "response_item", "event_msg", "turn_context", "compacted");
  private static final Set<String> BARE = Set.of("function_call", "function_call_output");

  private final Reading reading;

  /// Token counts of a session and of its forks, which begin with a copy of them.
  private final Map<Ref, Boolean> countedInFamily = Session.bounded(MOST_REMEMBERED);

  CodexReader(Reading reading) {
    this.reading = reading;
  }

  @Override
  public Tool tool() {
    return Tool.CODEX;
  }

  @Override
  public boolean reads(Head head) {
    return head.name().endsWith(".jsonl")
        && head.anyRow(row ->
            (row.has("payload") && ENVELOPES.contains(Json.text(row, "type", "")))
                || Json.text(row, "record_type", "").equals("state")
                || BARE.contains(Json.text(row, "type", "")));
  }

  @Override
  public boolean dependsOnOthers() {
    // Of a session and its forks the one that is read first tells of what both have.
    return true;
  }

  @Override
  public Transcript open(Path file, Consumer<CapturedEvent> events) {
    return new CodexRows(reading, file, events, this::isFirstOfFamily);
  }

  private boolean isFirstOfFamily(String family, String counts) {
    return countedInFamily.put(reading.rules().refs().of("codex usage", family + counts), true)
        == null;
  }
}
