// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.Enrolment;
import io.sourceblind.capture.outbox.WireJson;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.capture.source.CaptureRules;
import io.sourceblind.capture.source.Refs;
import io.sourceblind.capture.source.Sources;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.PathMode;
import io.sourceblind.events.Prose;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "preview",
    mixinStandardHelpOptions = true,
    description = "Shows what would leave this machine, byte for byte. Nothing is queued or sent.",
    footer = {"", "Example: capture preview ~/.claude/projects/my-project"})
final class PreviewCommand implements Callable<Integer> {

  private final Surroundings surroundings;

  @Mixin private HomeOption home = new HomeOption();

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Session files, or folders that hold some")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "metadata: as if the words of prompts stayed here")
  private CaptureProfile profile = CaptureProfile.PROSE;

  @Option(names = "--pretty", description = "Several lines an event, for reading; the wire has one")
  private boolean pretty;

  @Option(
      names = "--side-by-side",
      description =
          "For each prompt what was typed, what is left of it, and which rule took the rest")
  private boolean sideBySide;

  private long events;
  private long redacted;
  private final IdentityHashMap<Prose, String> typed = new IdentityHashMap<>();
  private final Redactor redactor =
      Redactor.standard()
          .watchedBy((raw, redaction) -> {
            if (sideBySide) {
              typed.put(redaction.prose(), raw);
            }
          });

  PreviewCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Enrolment> enrolment = Enrolment.load(home.folder(surroundings));
    CaptureRules rules =
        enrolment.map(known -> Rules.of(known, profile)).orElseGet(this::withoutEnrolment);
    Sources sources = new Sources(rules, redactor, surroundings.clock());
    Sessions sessions = Sessions.find(paths, sources);
    sessions.each(file -> sources.read(file, this::show));
    surroundings.out().flush();
    if (enrolment.isEmpty()) {
      surroundings
          .err()
          .println("This machine is not enrolled; refs are made with a key that is thrown away.");
    }
    surroundings
        .err()
        .println(
            Usage.plural(events, "event", "events")
                + " would be sent. "
                + Usage.plural(redacted, "value was", "values were")
                + " redacted. Nothing has left this machine.");
    return sessions.tellUnreadable(surroundings.err()) ? Capture.FAILED : Capture.DONE;
  }

  private CaptureRules withoutEnrolment() {
    byte[] key = new byte[Refs.KEY_BYTES];
    surroundings.random().nextBytes(key);
    return new CaptureRules(new Refs(key), profile, PathMode.RELATIVE, Version.current());
  }

  private void show(CapturedEvent event) {
    events++;
    if (event instanceof CapturedEvent.PromptSubmitted prompt && prompt.text() != null) {
      redacted += prompt.text().text().chars().filter(c -> c == '[').count();
    }
    if (event instanceof CapturedEvent.PromptSubmitted prompt && prompt.text() != null) {
      String raw = typed.remove(prompt.text());
      if (raw != null) {
        SideBySide.print(surroundings.out(), redactor.explain(raw));
      }
    }
    surroundings.out().println(pretty ? WireJson.pretty(event) : WireJson.line(event));
  }
}
