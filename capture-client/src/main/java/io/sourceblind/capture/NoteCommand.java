// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.redact.Redaction;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Envelope;
import io.sourceblind.events.RationaleTopic;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "note",
    mixinStandardHelpOptions = true,
    description = "Queues a redacted note on why something was done.",
    footer = {
      "",
      "Example: capture note \"we keep the old parser until the audit is over\" --about decision"
    })
final class NoteCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(paramLabel = "WHY", description = "What you want to be remembered")
  private String why = "";

  @Option(
      names = "--about",
      paramLabel = "TOPIC",
      description = "decision, commit, review or note (default)")
  private RationaleTopic about = RationaleTopic.NOTE;

  NoteCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    CaptureFolder folder = home.folder(surroundings);
    CaptureRules rules = Rules.of(Rules.required(folder), CaptureProfile.PROSE);
    if (rules.profile() == CaptureProfile.METADATA) {
      surroundings
          .err()
          .println(
              "Your organization captures no words, so a note could not be kept. Nothing was"
                  + " queued.");
      return Capture.FAILED;
    }
    Redaction redaction = Redactor.standard().redact(why);
    if (redaction.prose().text().isEmpty()) {
      throw new Misuse("A note needs at least one word.");
    }
    Instant now = surroundings.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Envelope envelope =
        Rules.envelope(
            rules,
            rules.refs().eventId(now, "note/" + surroundings.random().nextLong()),
            now,
            now,
            (int) Math.min(redaction.removedCharacters(), 1_000_000_000L));
    try (Outbox outbox = Sending.open(folder, surroundings)) {
      outbox.add(List.of(new CapturedEvent.RationaleRecorded(envelope, redaction.prose(), about)));
    }
    String queued = redaction.prose().text();
    json.say(surroundings.out(), "Queued: " + queued, "queued", queued);
    return Capture.DONE;
  }
}
