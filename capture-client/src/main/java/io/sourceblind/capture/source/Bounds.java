// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Sensitive;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How large a value may be, as the client keeps it: layer 1 of three. Numbers are clamped; words
/// that do not fit are left out.
final class Bounds {

  static final int DAY_MS = 86_400_000;

  private Bounds() {}

  static int count(long value, int most) {
    return Math.clamp(value, 0, most);
  }

  /// How many bytes a text has in UTF-8, without writing them.
  static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        // Half a character is written as a question mark.
        bytes++;
      }
    }
    return bytes;
  }

  static @Nullable Integer millis(long value) {
    return value < 0 ? null : (int) Math.min(value, DAY_MS);
  }

  static @Nullable String version(@Nullable String value) {
    return value != null && VERSION.matcher(value).matches() && !Sensitive.isIn(value)
        ? value
        : null;
  }

  /// A model by its family's name, `other` where the family is not known, or null where none is
  /// named. A provider before it, the marks of a price list and an account's number stay here.
  static @Nullable String model(@Nullable String value) {
    if (value == null || value.isBlank() || value.startsWith("<")) {
      return null;
    }
    String name = value.toLowerCase(Locale.ROOT).strip();
    name = name.substring(name.lastIndexOf('/') + 1);
    int provider = name.lastIndexOf("anthropic.");
    name = provider < 0 ? name : name.substring(provider + "anthropic.".length());
    int context = name.indexOf('[');
    name = (context < 0 ? name : name.substring(0, context)).replace('@', '-').replace(':', '-');
    for (String other : PROVIDERS) {
      name = name.startsWith(other) ? name.substring(other.length()) : name;
    }
    return name.length() <= 64 && MODEL.matcher(name).matches() && !Sensitive.isIn(value)
        ? name
        : OTHER_MODEL;
  }

  private static final String OTHER_MODEL = "other";

  private static final Pattern VERSION =
      Pattern.compile("[0-9]{1,8}(?:\\.[0-9]{1,8}){0,3}(?:[-+][a-z0-9.]{1,16})?");

  private static final List<String> PROVIDERS =
      List.of(
          "us.", "eu.", "apac.", "global.", "amazon.", "meta.", "mistral.", "cohere.", "deepseek.");

  private static final Pattern MODEL =
      Pattern.compile(
          "(?:chatgpt|claude|gpt|o1|o3|o4|codex|gemini|gemma|llama|codellama|mistral|ministral"
              + "|magistral|mixtral|devstral|codestral|pixtral|qwen|qwq|deepseek|grok|kimi|glm|phi|nova"
              + "|titan|command|sonar|minimax|granite|nemotron|starcoder|yi|jamba|composer)"
              + "(?:[0-9.-][a-z0-9.-]*)?");

  /// A path below the project's root, or null where it does not fit.
  static @Nullable String relativePath(String path) {
    String plain = Normalizer.normalize(path, Normalizer.Form.NFC);
    if (plain.isEmpty() || plain.length() > 512 || plain.startsWith("/") || namesAHome(plain)) {
      return null;
    }
    for (String segment : plain.split("/", -1)) {
      boolean dots = segment.equals(".") || segment.equals("..");
      if (segment.isEmpty()
          || dots
          || segment.length() > 128
          || segment.isBlank()
          || !segment.equals(segment.strip())) {
        return null;
      }
      if (!segment.codePoints().allMatch(Bounds::isPathCharacter)
          || segment.chars().filter(c -> c == ' ').count() > MOST_BLANKS
          || Sensitive.isIn(segment)) {
        return null;
      }
    }
    return plain;
  }

  /// Whose files those below a folder of homes are, is said by the name behind it.
  private static boolean namesAHome(String path) {
    return ("/" + path).contains("/home/") || ("/" + path).contains("/Users/");
  }

  /// A name of a file has few blanks; what has more is a sentence.
  private static final int MOST_BLANKS = 3;

  private static boolean isPathCharacter(int c) {
    return Character.isLetterOrDigit(c) || c == ' ' || "._-+".indexOf(c) >= 0;
  }
}
