// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Provider;
import io.sourceblind.events.Ref;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What models answered, each answer once. A tool may write the usage of an answer again on each of
/// its records, and only the last one is whole, so the largest counts.
final class Usages {

  private static final int MOST_OPEN = 256;
  private static final int MOST_ANSWERS = 100_000;
  private static final int BILLION = 1_000_000_000;

  private final Session session;
  private @Nullable String lastNativeModel;
  private @Nullable String lastModel;
  private final Map<String, Draft> open = new LinkedHashMap<>();
  private final Map<Ref, Boolean> counted = Session.bounded(MOST_ANSWERS);

  Usages(Session session) {
    this.session = session;
  }

  /// Tokens of one answer; `input` without what came from a cache.
  record Tokens(long input, long output, long cacheRead, long cacheCreation, long reasoning) {

    Tokens most(Tokens other) {
      return new Tokens(
          Math.max(input, other.input),
          Math.max(output, other.output),
          Math.max(cacheRead, other.cacheRead),
          Math.max(cacheCreation, other.cacheCreation),
          Math.max(reasoning, other.reasoning));
    }

    boolean isNone() {
      return input + output + cacheRead + cacheCreation + reasoning == 0;
    }
  }

  private static final class Draft {
    final Instant at;
    final String model;
    final Provider provider;
    final boolean subagent;
    final @Nullable Ref agent;
    final @Nullable Ref turn;
    final @Nullable Long costMicros;
    final int requests;
    Tokens tokens;

    Draft(
        Session session,
        String model,
        Provider provider,
        Tokens tokens,
        @Nullable Long costMicros,
        int requests) {
      this.requests = requests;
      this.at = session.at();
      this.model = model;
      this.provider = provider;
      this.subagent = session.isSubagent();
      this.agent = session.agent();
      this.turn = session.turns().current();
      this.tokens = tokens;
      this.costMicros = costMicros;
    }
  }

  /// One record of the answer that `key` names.
  void see(String key, @Nullable String nativeModel, Tokens tokens, @Nullable Long costMicros) {
    see(key, nativeModel, tokens, costMicros, 1);
  }

  /// Most answers are of the model of the one before.
  private @Nullable String modelOf(@Nullable String nativeModel) {
    if (nativeModel != null && !nativeModel.equals(lastNativeModel)) {
      lastNativeModel = nativeModel;
      lastModel = Bounds.model(nativeModel);
    }
    return nativeModel == null ? null : lastModel;
  }

  /// The same for several answers of a model that the tool only tells of together.
  void see(
      String key,
      @Nullable String nativeModel,
      Tokens tokens,
      @Nullable Long costMicros,
      int requests) {
    String model = modelOf(nativeModel);
    if (model == null || nativeModel == null || !session.canTell()) {
      return;
    }
    if (counted.containsKey(session.rules().refs().of("usage", key))) {
      return;
    }
    open.computeIfAbsent(
        key,
        _ ->
            new Draft(
                session,
                model,
                providerOf(nativeModel),
                tokens,
                costMicros,
                Math.clamp(requests, 1, 9_999)));
    open.computeIfPresent(
        key,
        (_, draft) -> {
          draft.tokens = draft.tokens.most(tokens);
          return draft;
        });
    if (open.size() > MOST_OPEN) {
      close(open.keySet().iterator().next());
    }
  }

  void flush() {
    for (String key : java.util.List.copyOf(open.keySet())) {
      close(key);
    }
  }

  private void close(String key) {
    Draft draft = open.remove(key);
    if (draft == null) {
      return;
    }
    Ref ref = session.rules().refs().of("usage", key);
    counted.put(ref, true);
    session.aside(
        key,
        draft.at,
        () ->
            session.emit(
                new CapturedEvent.ModelUsed(
                    session.envelopeAs(
                        "model.usage/" + key, null, draft.subagent, draft.turn, draft.agent),
                    draft.model,
                    draft.provider,
                    Bounds.count(draft.tokens.input(), BILLION),
                    Bounds.count(draft.tokens.output(), BILLION),
                    Bounds.count(draft.tokens.cacheRead(), BILLION),
                    Bounds.count(draft.tokens.cacheCreation(), BILLION),
                    Bounds.count(draft.tokens.reasoning(), BILLION),
                    draft.requests,
                    null,
                    draft.costMicros,
                    ref)));
  }

  /// Dollars, as tools write them, in millionths; null where there is none or it makes no sense.
  static @Nullable Long micros(@Nullable Double dollars) {
    return dollars == null || !(dollars > 0) || dollars > 1_000_000
        ? null
        : Math.round(dollars * 1_000_000);
  }

  private static Provider providerOf(String model) {
    String lower = model.toLowerCase(Locale.ROOT);
    String family = lower.substring(lower.lastIndexOf('/') + 1);
    if (lower.startsWith("anthropic.")
        || lower.contains(".anthropic.")
        || lower.startsWith("bedrock/")) {
      return Provider.AMAZON;
    } else if (lower.startsWith("azure/")) {
      return Provider.MICROSOFT;
    } else if (lower.startsWith("lm_studio/") || lower.startsWith("ollama")) {
      return Provider.LOCAL;
    } else if (family.startsWith("claude")) {
      return Provider.ANTHROPIC;
    } else if (family.startsWith("gpt")
        || family.startsWith("o1")
        || family.startsWith("o3")
        || family.startsWith("o4")
        || family.startsWith("codex")) {
      return Provider.OPENAI;
    } else if (family.startsWith("gemini")) {
      return Provider.GOOGLE;
    } else if (family.startsWith("mistral") || family.startsWith("codestral")) {
      return Provider.MISTRAL;
    } else if (family.startsWith("grok")) {
      return Provider.XAI;
    } else if (family.startsWith("deepseek")) {
      return Provider.DEEPSEEK;
    }
    return Provider.OTHER;
  }
}
