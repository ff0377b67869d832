// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a tool or a command wrote. Mostly it is only counted, and where it stands plainly in its
/// record, no String is made of it for that.
final class Output {

  static final Output NONE = new Output(null, "");

  private final @Nullable RawText raw;
  private final @Nullable String said;

  private Output(@Nullable RawText raw, @Nullable String said) {
    this.raw = raw;
    this.said = said;
  }

  static Output of(String text) {
    return new Output(null, text);
  }

  /// A text, or the texts of the parts of one, one behind the other.
  static Output of(@Nullable JsonNode content) {
    JsonNode only = content;
    if (only != null && only.isArray() && only.size() == 1) {
      only = only.get(0);
    }
    if (only != null && only.isObject()) {
      only = only.get("text");
    }
    return only instanceof RawText text ? new Output(text, null) : of(Json.words(content));
  }

  /// All of it, for whoever looks for a verdict in it.
  String text() {
    return raw != null ? raw.asString() : said == null ? "" : said;
  }

  int characters() {
    return raw == null ? text().length() : raw.measure().characters();
  }

  int lines() {
    return raw == null ? Lines.count(text()) : raw.measure().lines();
  }

  /// In UTF-8.
  int bytes() {
    return raw == null ? Bounds.bytes(text()) : raw.measure().bytes();
  }
}
