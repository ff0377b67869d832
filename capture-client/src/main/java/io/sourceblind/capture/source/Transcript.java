// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Records that all belong to one session, handed on between records: what fails behind them must
/// stop the read, not pass for a misread record.
abstract class Transcript implements JsonLines.Rows {

  private final List<CapturedEvent> told;
  private final Consumer<CapturedEvent> events;
  final Session session;

  /// @param open makes the session, given where its events go
  Transcript(
      java.util.function.Function<Consumer<CapturedEvent>, Session> open,
      Consumer<CapturedEvent> events) {
    List<CapturedEvent> held = new ArrayList<>();
    this.told = held;
    this.events = events;
    this.session = open.apply(held::add);
  }

  @Override
  public abstract void row(JsonNode row, int number, int bytes);

  @Override
  public void gap(GapReason reason) {
    session.gap(reason, null);
  }

  @Override
  public void between() {
    told.forEach(events);
    told.clear();
  }

  void end() {
    session.end();
    between();
  }
}
