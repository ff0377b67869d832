// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The providers of this installation, and what the keys for them are sealed with. Where there are
/// none there is no line out either.
@Component
public class Providers {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private record Reached(URI address, Line line, List<String> models) {}

  /// A model that an organization may choose.
  record Choice(Writer writer, String model) {
    /// As a form says it.
    public String value() {
      return writer.sqlName() + " " + model;
    }

    public String title() {
      return "%s, %s".formatted(writer.title(), model);
    }
  }

  private final @Nullable Kek kek;
  private final Map<Writer, Reached> reached = new EnumMap<>(Writer.class);
  private final JsonMapper json;

  @Autowired
  Providers(NarratorSettings settings, JsonMapper json) {
    this(settings, json, Line.MOST_PATIENCE, PAUSE);
  }

  Providers(NarratorSettings settings, JsonMapper json, Duration patience, Duration pause) {
    this.json = json;
    var providers = settings.providers();
    kek = providers.isEmpty() ? null : Kek.of(settings.key());
    providers.forEach((writer, provider) ->
        reached.put(
            writer,
            new Reached(
                provider.address(writer.sqlName().replace('_', '-')),
                new Line(patience, pause),
                List.copyOf(provider.models()))));
  }

  List<Choice> choices() {
    var choices = new ArrayList<Choice>();
    reached.forEach(
        (writer, to) -> to.models().forEach(model -> choices.add(new Choice(writer, model))));
    return choices;
  }

  byte[] seal(String key, UUID organization) {
    return kek().seal(key, organization);
  }

  /// The model of an organization; nothing if the installation no longer offers it.
  Optional<Model> model(Choice choice, byte[] sealedKey, UUID organization) {
    var to = reached.get(choice.writer());
    if (to == null || !to.models().contains(choice.model())) {
      return Optional.empty();
    }
    return Optional.of(
        new Model(
            to.line(),
            to.address(),
            dialect(choice.writer()),
            choice.model(),
            kek().open(sealedKey, organization),
            json));
  }

  private Kek kek() {
    if (kek == null) {
      throw new IllegalStateException("No provider is set up, so no key can be kept");
    }
    return kek;
  }

  private static Dialect dialect(Writer writer) {
    return switch (writer) {
      case ANTHROPIC -> Dialect.ANTHROPIC;
      case OPENAI_COMPATIBLE -> Dialect.OPENAI_COMPATIBLE;
      case RULES -> throw new IllegalArgumentException("Rules ask nobody");
    };
  }
}
