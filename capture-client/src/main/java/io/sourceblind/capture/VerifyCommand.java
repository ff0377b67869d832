// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Journal;
import io.sourceblind.capture.redact.PlainProse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Checks the journal of what was sent: that each entry names the one before, up to its noted"
            + " end, and that every text of it is plain prose without a secret that the rules of"
            + " today know.",
    footer = {"", "Example: capture verify"})
final class VerifyCommand implements Callable<Integer> {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  private long texts;
  private long doubtful;

  VerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    Journal.Verdict verdict =
        Journal.read(folder, batch -> batch.sent().lines().forEach(line -> look(line)));
    String broken = verdict.broken();
    if (json.asked()) {
      json.print(
          surroundings.out(),
          "whole",
          broken == null,
          "batches",
          verdict.batches(),
          "events",
          verdict.events(),
          "texts",
          texts,
          "doubtful",
          doubtful);
    } else if (broken == null) {
      surroundings
          .out()
          .println(
              Usage.plural(verdict.batches(), "batch", "batches")
                  + " with "
                  + Usage.plural(verdict.events(), "event", "events")
                  + ": from number "
                  + verdict.first()
                  + " to its noted end, each entry of the journal names the one before. Of "
                  + Usage.plural(texts, "text", "texts")
                  + ", "
                  + (texts - doubtful)
                  + " are plain prose.");
    } else {
      surroundings.err().println(broken);
    }
    return broken == null && doubtful == 0 ? Capture.DONE : Capture.FAILED;
  }

  private void look(String line) {
    JsonNode text = JSON.readTree(line).get("text");
    if (text != null) {
      texts++;
      doubtful += PlainProse.isPlain(text.asString()) ? 0 : 1;
    }
  }
}
