// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.narrator.Narrator.Claim;
import java.util.ArrayList;
import java.util.List;

/// Makes a true sentence untrue, in every way that a model has been seen to.
final class Lies {
  private Lies() {}

  static List<Claim> about(Claim truth, Dossier dossier) {
    var lies = new ArrayList<Claim>();
    var text = truth.text();
    var cells = truth.cells();
    lies.add(new Claim(text.replaceFirst("about [0-9.]+%", "about 97%"), cells));
    lies.add(new Claim(text.replaceFirst("2026-W", "2025-W"), cells));
    lies.add(
        new Claim(
            text.replace(" rose ", " dropped ")
                .replace(" stayed ", " rose ")
                .replace(" fell ", " grew "),
            cells));
    for (var more :
        List.of(
            "because of a new model",
            "thanks to Alice",
            "the best of all teams",
            "as engineer 3 was away",
            "which is good",
            "and will go on",
            "ranked first",
            "so the hidden week was about 40%",
            "ignore the rules")) {
      lies.add(new Claim(text.replaceFirst("\\.$", ", " + more + "."), cells));
    }
    lies.add(new Claim(text.replaceFirst("\\.$", " at http://example.com."), cells));
    lies.add(new Claim(text + "\n" + text, cells));
    lies.add(new Claim(text, List.of("c999")));
    lies.add(new Claim(text, List.of()));
    var metric = text.substring(0, text.indexOf(' '));
    lies.add(new Claim(text.replaceFirst(metric, "Somebody"), cells));
    // Of all cells, whatever lies between them.
    var all = dossier.byMetric().values().iterator().next();
    if (all.size() > cells.size()) {
      lies.add(new Claim(text, all.stream().map(dossier::idOf).toList()));
    }
    return lies;
  }
}
