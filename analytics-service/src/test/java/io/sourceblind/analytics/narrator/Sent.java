// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.release.ReleasedCell;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Looks into what a provider was sent for anything that is not a released cell.
final class Sent {
  private static final Set<String> FIELDS = Set.of("id", "week", "weeks", "value", "step", "break");

  private Sent() {}

  /// @param body of a request
  static List<String> notReleased(JsonNode body, List<ReleasedCell> released) {
    var strange = new ArrayList<String>();
    var texts = new ArrayList<String>();
    if (body.has("system")) {
      texts.add(body.get("system").asString());
    }
    for (var message : body.get("messages")) {
      texts.add(message.get("content").asString());
    }
    if (texts.size() != 2) {
      strange.add("There are %d texts".formatted(texts.size()));
    }
    if (!texts.getFirst().equals(Model.TOLD)) {
      strange.add("What the model is told is not the constant");
    }
    var asked = World.JSON.readTree(texts.getLast());
    if (!names(asked).equals(Set.of("group", "metrics"))
        || !asked.get("group").asString().equals("Team 1")) {
      strange.add("There is more than a nameless group");
    }
    for (var metric : asked.get("metrics")) {
      if (!names(metric).equals(Set.of("metric", "title", "unit", "cells"))) {
        strange.add("A metric has other fields");
      }
      for (var cell : metric.get("cells")) {
        if (!names(cell).equals(FIELDS)
            || released.stream().noneMatch(one -> is(one, metric, cell))) {
          strange.add("A cell was never released");
        }
      }
    }
    return strange;
  }

  private static boolean is(ReleasedCell released, JsonNode metric, JsonNode cell) {
    var value = released.value() == null ? "hidden" : Dossier.value(released);
    return released.metric().sqlName().equals(metric.get("metric").asString())
        && released.metric().title().equals(metric.get("title").asString())
        && released.metric().scale().unit().equals(metric.get("unit").asString())
        && released.week().toString().equals(cell.get("week").asString())
        && released.weeks() == cell.get("weeks").asInt()
        && released.broken() == cell.get("break").asBoolean()
        && value.equals(cell.get("value").asString());
  }

  private static Set<String> names(JsonNode node) {
    return new TreeSet<>(node.propertyNames());
  }
}
