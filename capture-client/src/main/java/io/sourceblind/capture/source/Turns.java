// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.PlainProse;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.PromptOrigin;
import io.sourceblind.events.Ref;
import io.sourceblind.events.TurnOutcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The prompts of a session and the turns they begin.
final class Turns {

  private static final int MILLION = 1_000_000;
  private static final int TEN_MILLION = 10_000_000;

  private final Session session;
  private int count;

  // The turn at hand.
  private @Nullable Ref turn;
  private @Nullable Instant turnAt;
  private @Nullable Ref lastWords;
  private int toolCalls;
  private long responseChars;
  private int background;
  private TurnOutcome outcome = TurnOutcome.UNKNOWN;

  Turns(Session session) {
    this.session = session;
  }

  @Nullable Ref current() {
    return turn;
  }

  /// Makes another turn the one that events belong to, and gives back the one before.
  @Nullable Ref swap(@Nullable Ref other) {
    Ref before = turn;
    turn = other;
    return before;
  }

  int takeCount() {
    int taken = count;
    count = 0;
    return taken;
  }

  void called(boolean inBackground) {
    toolCalls++;
    background += inBackground ? 1 : 0;
  }

  void answered(int characters) {
    responseChars += characters;
    if (characters > 0) {
      lastWords = null;
    }
  }

  void outcome(TurnOutcome known) {
    outcome = known;
  }

  boolean isOutcomeKnown() {
    return outcome != TurnOutcome.UNKNOWN;
  }

  /// Whether the same words began the turn at hand; some tools write a prompt down twice.
  boolean isRepeated(String typed) {
    Ref words = session.rules().refs().of("prompt", typed.strip());
    return words.equals(lastWords);
  }

  void prompt(String raw, int images, int documents) {
    PromptText text = PromptText.of(raw);
    if (!text.isNotice() || images + documents > 0) {
      prompt(text, images, documents, text.origin());
    }
  }

  void prompt(PromptText text, int images, int documents, PromptOrigin origin) {
    if (session.isSubagent()) {
      return;
    }
    if (!session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    finish(null);
    session.start();
    Instant at = session.at();
    turnAt = at;
    count++;
    PlainProse prose = null;
    if (session.rules().profile() == CaptureProfile.PROSE && !text.typed().isEmpty()) {
      PlainProse plain = session.redactor().redact(text.typed()).prose();
      prose = plain.text().isEmpty() ? null : plain;
    }
    int[] blocks = text.codeBlocks();
    turn = session.turnRef();
    lastWords = session.rules().refs().of("prompt", text.typed().strip());
    session.emit(
        new CapturedEvent.PromptSubmitted(
            session.envelope("prompt.submitted", null),
            Bounds.count(text.typed().length(), TEN_MILLION),
            Bounds.count(text.lines(), MILLION),
            Bounds.count(blocks[0], 9_999),
            Bounds.count(blocks[1], TEN_MILLION),
            Bounds.count(documents, 999),
            Bounds.count(images, 999),
            Bounds.count(text.fileMentions(), 999),
            origin,
            text.command(),
            prose));
  }

  void finish(@Nullable Integer duration) {
    Ref ending = turn;
    Instant began = turnAt;
    if (ending == null || began == null) {
      return;
    }
    // The id follows from the turn, so that it does not matter which record told of its end; and
    // it bears the time when the turn began: its end moves while the file grows.
    session.aside(
        ending.hex(),
        began,
        () ->
            session.emit(
                new CapturedEvent.TurnCompleted(
                    session.about("turn.completed", null, false, ending),
                    outcome,
                    duration,
                    Bounds.count(toolCalls, 99_999),
                    Bounds.count(responseChars, TEN_MILLION),
                    Bounds.count(background, 999))));
    turn = null;
    turnAt = null;
    lastWords = null;
    toolCalls = 0;
    responseChars = 0;
    background = 0;
    outcome = TurnOutcome.UNKNOWN;
  }

  void completed(@Nullable Integer duration) {
    outcome = outcome == TurnOutcome.UNKNOWN ? TurnOutcome.COMPLETED : outcome;
    finish(duration);
  }

  void fileEnded(boolean idle) {
    if (idle || outcome != TurnOutcome.UNKNOWN) {
      finish(null);
    }
  }
}
