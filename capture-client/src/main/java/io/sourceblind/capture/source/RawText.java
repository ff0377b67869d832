// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.node.JsonNodeType;
import tools.jackson.databind.node.ValueNode;

/// A text that still stands in its record as it was written there, escapes and all, with what was
/// counted of it while it was passed. It becomes a String only for whoever asks what it says: most
/// of a transcript are outputs and contents of files, of which nobody does.
final class RawText extends ValueNode {

  private static final long serialVersionUID = 1;

  private final transient byte[] record;
  private final int from;
  private final int to;
  private final transient Measure measure;
  private @Nullable String said;

  /// What was counted of a text.
  ///
  /// @param bytes how many it has in UTF-8
  /// @param characters how long it is as a String
  /// @param lines as {@link Lines} counts them
  /// @param escapes how many bytes more it has as JSON, without the quotes
  record Measure(int bytes, int characters, int lines, int escapes) {}

  /// @param from where it begins in the record, behind the quote
  /// @param to where the quote stands that ends it
  RawText(byte[] record, int from, int to, Measure measure) {
    this.record = record;
    this.from = from;
    this.to = to;
    this.measure = measure;
  }

  Measure measure() {
    return measure;
  }

  boolean startsWith(char letter) {
    if (from < to && record[from] == '\\') {
      return asString().charAt(0) == letter;
    }
    return from < to && record[from] == letter;
  }

  @Override
  public String asString() {
    String known = said;
    if (known == null) {
      known = read();
      said = known;
    }
    return known;
  }

  private String read() {
    boolean narrow = measure.bytes() == measure.characters();
    // What is ASCII alone is copied as it is.
    var charset = narrow ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    if (measure.bytes() == to - from) {
      return new String(record, from, to - from, charset);
    }
    byte[] plain = new byte[measure.bytes()];
    int written = 0;
    int at = from;
    while (at < to) {
      if (record[at] != '\\') {
        int run = at;
        while (run < to && record[run] != '\\') {
          run++;
        }
        System.arraycopy(record, at, plain, written, run - at);
        written += run - at;
        at = run;
      } else if (record[at + 1] == 'u') {
        int c = Skimmer.hex(record, at + 2);
        at += 6;
        if (Character.isHighSurrogate((char) c)) {
          c = Character.toCodePoint((char) c, (char) Skimmer.hex(record, at + 2));
          at += 6;
        }
        byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, plain, written, bytes.length);
        written += bytes.length;
      } else {
        plain[written] = (byte) Skimmer.unescaped(record[at + 1]);
        written++;
        at += 2;
      }
    }
    return new String(plain, charset);
  }

  @Override
  public JsonNodeType getNodeType() {
    return JsonNodeType.STRING;
  }

  @Override
  public JsonToken asToken() {
    return JsonToken.VALUE_STRING;
  }

  @Override
  public String stringValue() {
    return asString();
  }

  @Override
  public String stringValue(@Nullable String otherwise) {
    return asString();
  }

  @Override
  public Optional<String> stringValueOpt() {
    return Optional.of(asString());
  }

  @Override
  public String asString(@Nullable String otherwise) {
    return asString();
  }

  @Override
  public Optional<String> asStringOpt() {
    return Optional.of(asString());
  }

  @Override
  protected String _valueDesc() {
    return "a text";
  }

  @Override
  public void serialize(JsonGenerator generator, SerializationContext context) {
    generator.writeString(asString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawText text && asString().equals(text.asString());
  }

  @Override
  public int hashCode() {
    return asString().hashCode();
  }
}
