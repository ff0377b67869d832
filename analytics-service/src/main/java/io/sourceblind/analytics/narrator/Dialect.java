// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// How a provider is asked, and where in its answer the words are.
enum Dialect {
  ANTHROPIC("/v1/messages") {
    @Override
    Map<String, Object> question(String model, String told, String asked) {
      return Map.of(
          "model", model,
          "max_tokens", MOST_TOKENS,
          "system", told,
          "messages", List.of(Map.of("role", "user", "content", asked)));
    }

    @Override
    List<String> headers(String key) {
      return List.of("x-api-key", key, "anthropic-version", "2023-06-01");
    }

    @Override
    String words(JsonNode answer) {
      return answer.path("stop_reason").asString("").equals("end_turn")
          ? answer.path("content").path(0).path("text").asString("")
          : "";
    }

    @Override
    long tokens(JsonNode answer) {
      var usage = answer.path("usage");
      return usage.path("input_tokens").asLong(0) + usage.path("output_tokens").asLong(0);
    }
  },
  OPENAI_COMPATIBLE("/v1/chat/completions") {
    @Override
    Map<String, Object> question(String model, String told, String asked) {
      return Map.of(
          "model",
          model,
          "max_completion_tokens",
          MOST_TOKENS,
          "response_format",
          Map.of("type", "json_object"),
          "messages",
          List.of(
              Map.of("role", "system", "content", told), Map.of("role", "user", "content", asked)));
    }

    @Override
    List<String> headers(String key) {
      return List.of("Authorization", "Bearer " + key);
    }

    @Override
    String words(JsonNode answer) {
      var choice = answer.path("choices").path(0);
      return choice.path("finish_reason").asString("").equals("stop")
          ? choice.path("message").path("content").asString("")
          : "";
    }

    @Override
    long tokens(JsonNode answer) {
      var usage = answer.path("usage");
      return usage.path("prompt_tokens").asLong(0) + usage.path("completion_tokens").asLong(0);
    }
  };

  /// Five sentences with their cells, and room to spare.
  static final int MOST_TOKENS = 1500;

  private final String path;

  Dialect(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  abstract Map<String, Object> question(String model, String told, String asked);

  /// Names and values in turn.
  abstract List<String> headers(String key);

  /// What the model said; nothing if it refused or was cut off.
  abstract String words(JsonNode answer);

  abstract long tokens(JsonNode answer);
}
