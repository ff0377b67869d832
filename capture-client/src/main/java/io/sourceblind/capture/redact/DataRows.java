// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Rows of data: blobs, fields between commas, keys and values.
final class DataRows implements Scanner {

  private final Page page;
  private final Line[] lines;

  DataRows(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    int i = 0;
    while (i < lines.length) {
      Line line = lines[i];
      if (!line.isOpen() || line.isBlank()) {
        i++;
        continue;
      }
      if ((line.text.length() > 2_000 && LineScore.of(line) > -2) || isBlob(line)) {
        int end = i + 1;
        while (end < lines.length
            && lines[end].isOpen()
            && (isBlob(lines[end])
                || (isOneToken(lines[end].text)
                    && lines[end].text.length() < 80
                    && lines[end].text.length() >= 12
                    && LineScore.of(lines[end]) > -1
                    && end == i + 1))) {
          end++;
        }
        page.claim(i, end, Removed.DATA, null);
        i = end;
        continue;
      }
      int end = i;
      while (end < lines.length && lines[end].isOpen() && isDataRow(lines[end])) {
        end++;
      }
      if (end - i >= 3) {
        page.claim(i, end, Removed.DATA, null);
        i = end;
        continue;
      }
      end = keyValues(i);
      if (end - i >= 2) {
        page.claim(i, end, Removed.DATA, null);
        i = end;
      } else {
        i++;
      }
    }
  }

  private static boolean isOneToken(String text) {
    return text.indexOf(' ') < 0;
  }

  /// Long tokens of a machine's alphabet: base64, hexadecimal, data addresses.
  private static boolean isBlob(Line line) {
    String text = line.text;
    if (text.length() < 40 || (text.startsWith("http") && isOneToken(text))) {
      return false;
    }
    if (!hasRun(text)) {
      return false;
    }
    int longest = 0;
    int run = 0;
    int mixed = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean in = isOfMachine(c);
      run = in ? run + 1 : 0;
      longest = Math.max(longest, run);
      mixed += in && (Character.isDigit(c) || Character.isUpperCase(c) || c == '+') ? 1 : 0;
    }
    boolean machine =
        longest >= LONG_RUN && mixed * 5 >= text.length() && longest * 2 >= text.length();
    // A sentence may have one long token in it.
    return machine && (text.indexOf(' ') <= 0 || LineScore.countsOf(line).longestPlainRun < 2);
  }

  private static final int LONG_RUN = 40;

  private static boolean isOfMachine(char c) {
    return Token.isLetter(c) || Clue.isDigit(c) || c == '+' || c == '/' || c == '=' || c == '\\';
  }

  /// Whether so many signs of a machine's alphabet stand together; most lines are told by few of
  /// their characters.
  private static boolean hasRun(String text) {
    int from = 0;
    while (from + LONG_RUN <= text.length()) {
      int i = from + LONG_RUN - 1;
      while (i >= from && isOfMachine(text.charAt(i))) {
        i--;
      }
      if (i < from) {
        return true;
      }
      from = i + 1;
    }
    return false;
  }

  /// Fields between commas, tabs or semicolons, few words of a sentence among them.
  private static boolean isDataRow(Line line) {
    String text = line.text;
    int commas = (line.has(',') ? joined(text, ',') : 0) + (line.has(';') ? joined(text, ';') : 0);
    if (commas < 2 && (line.has('\t') ? count(text, '\t') : 0) + gaps(text) < 2) {
      return false;
    }
    LineScore score = LineScore.countsOf(line);
    return score.functionWords * 5 <= score.words;
  }

  /// How often the sign stands without a blank behind it.
  private static int joined(String text, char sign) {
    int joined = 0;
    for (int at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      joined += at + 1 < text.length() && text.charAt(at + 1) != ' ' ? 1 : 0;
    }
    return joined;
  }

  private static int count(String text, char sign) {
    int count = 0;
    for (int at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      count++;
    }
    return count;
  }

  /// How often two blanks or more stand together.
  private static int gaps(String text) {
    int gaps = 0;
    for (int at = text.indexOf("  "); at >= 0; at = text.indexOf("  ", at)) {
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      gaps++;
    }
    return gaps;
  }

  /// Runs of `key: value`, as in YAML, headers and properties.
  private int keyValues(int start) {
    int end = start;
    int keys = 0;
    while (end < lines.length && lines[end].isOpen() && !lines[end].isBlank()) {
      Line line = lines[end];
      if ((line.has(':') || line.has('=')) && isKeyValue(line.text)) {
        keys++;
      } else if (!(keys > 0
              && line.text.startsWith("- ")
              && line.indent >= 2
              && LineScore.of(line) > -2)
          && !(keys > 0 && line.first() == '#')) {
        break;
      }
      end++;
    }
    boolean nested = false;
    for (int i = start; i < end; i++) {
      nested |= lines[i].indent > lines[start].indent || lines[i].text.endsWith(":");
    }
    return keys >= 3 || (keys >= 2 && nested) ? end : start;
  }

  /// A longer value is a sentence.
  private static final int MOST_WORDS = 6;

  private static boolean isKeyValue(String text) {
    String body = text.startsWith("- ") ? text.substring(2).strip() : text;
    int colon = body.indexOf(':');
    int equals = body.indexOf('=');
    int at = colon < 0 ? equals : equals < 0 ? colon : Math.min(colon, equals);
    if (at <= 0 || at > 60) {
      return false;
    }
    String key = body.substring(0, at).strip();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (!(Character.isLetterOrDigit(c) || "_-./\"'$@<{}>".indexOf(c) >= 0)) {
        return false;
      }
    }
    if (at + 1 < body.length() && body.charAt(at) == ':' && body.charAt(at + 1) != ' ') {
      return false;
    }
    LineScore value = LineScore.scan(body.substring(at + 1), MOST_WORDS + 1);
    return value.functionWords <= 1 && value.words <= MOST_WORDS;
  }
}
