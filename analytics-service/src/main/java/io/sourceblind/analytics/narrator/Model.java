// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Lets a language model write. It is told the rules and the cells, has no tools, and what it says
/// is taken for a draft.
final class Model implements Narrator {
  private static final int BYTES_OF_A_TOKEN = 3;

  static final String TOLD =
      """
      You describe released numbers of a group in short English sentences. You are given metrics with \
      cells, oldest first. Values are means of the whole group in steps; a cell whose value is "hidden" \
      has no number and nothing can be said of it; "break" means that other people are counted from \
      that cell on, so nothing before it can be compared with it.
      Answer with JSON and nothing else: \
      {"sentences":[{"text":"...","cells":["c1","c2"]}]}, with at most %d sentences.
      Each sentence is about one metric and has its title in it, word for word. It cites the first and \
      the last cell that it is about; between them no cell may be hidden, missing or a break. It says \
      that the metric rose or fell only if it moved by %d steps or more, and that it stayed only if \
      all cells are within one step. A value is written exactly as in the cell, after "about". \
      Values and weeks are those of the first and the last cited cell, in this order. \
      An example: "Verified sessions rose by 3 steps, from about 40%% in 2026-W39 to about 55%% in \
      2026-W46."
      Besides the title, the unit, values and names of weeks, a sentence may only have these words: \
      %s. It never says why, who, how good, or what to do.
      """
          .formatted(
              Claims.MOST_SENTENCES, Claims.LEAST_MOVEMENT, String.join(" ", Claims.vocabulary()));

  private final Line line;
  private final URI address;
  private final Dialect dialect;
  private final String model;
  private final String key;
  private final JsonMapper json;

  Model(Line line, URI address, Dialect dialect, String model, String key, JsonMapper json) {
    this.line = line;
    this.address = address;
    this.dialect = dialect;
    this.model = model;
    this.key = key;
    this.json = json;
  }

  /// An answer that is none of what was asked for.
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long tokens;

    private Unreadable(long tokens) {
      super("The answer is not of the form that was asked for");
      this.tokens = tokens;
    }

    long tokens() {
      return tokens;
    }
  }

  /// How many tokens a call may take at most, from above.
  long mostTokens(Dossier dossier) {
    return (long) body(dossier).getBytes(UTF_8).length / BYTES_OF_A_TOKEN + Dialect.MOST_TOKENS;
  }

  /// @throws Line.Cut if there was no answer
  /// @throws Unreadable if there was another
  @Override
  public Draft write(Dossier dossier) {
    var request =
        HttpRequest.newBuilder(URI.create(address + dialect.path()))
            .header("Content-Type", "application/json")
            .headers(dialect.headers(key).toArray(String[]::new))
            .POST(BodyPublishers.ofString(body(dossier)))
            .build();
    var answer = read(line.ask(request));
    if (answer == null) {
      throw new Unreadable(0);
    }
    var tokens = dialect.tokens(answer);
    var words = read(dialect.words(answer));
    if (words == null) {
      throw new Unreadable(tokens);
    }
    return new Draft(claims(words, tokens), tokens);
  }

  private String body(Dossier dossier) {
    return json.writeValueAsString(
        dialect.question(model, TOLD, json.writeValueAsString(dossier.payload())));
  }

  private @Nullable JsonNode read(String text) {
    try {
      var node = json.readTree(text);
      return node.isObject() ? node : null;
    } catch (JacksonException _) {
      // What it says may be anything, so nothing of it is repeated.
      return null;
    }
  }

  private static List<Claim> claims(JsonNode words, long tokens) {
    var sentences = words.path("sentences");
    if (words.size() != 1 || !sentences.isArray()) {
      throw new Unreadable(tokens);
    }
    var claims = new ArrayList<Claim>();
    for (var sentence : sentences) {
      var text = sentence.path("text");
      var cells = sentence.path("cells");
      if (sentence.size() != 2 || !text.isString() || !cells.isArray()) {
        throw new Unreadable(tokens);
      }
      var ids = new ArrayList<String>();
      for (var cell : cells) {
        if (!cell.isString()) {
          throw new Unreadable(tokens);
        }
        ids.add(cell.asString());
      }
      claims.add(new Claim(text.asString(), List.copyOf(ids)));
    }
    return claims;
  }
}
