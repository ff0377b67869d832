// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.List;
import java.util.Set;

/// What stands where something was taken out, such as `[code removed, 14 lines, java]`.
final class Placeholder {
  private static final int LONGEST = 64;
  private static final Set<String> WHOLE = Set.of("path", "name", "link", "personal data removed");
  private static final String SECRET = "secret removed";
  private static final List<String> COUNTED =
      List.of(
          "code removed",
          "diff removed",
          "stack trace removed",
          "output removed",
          "data removed",
          "text removed");
  private static final Set<String> UNITS = Set.of("line", "lines", "file", "files");

  private Placeholder() {}

  /// Where the placeholder that begins there ends, or -1 if none begins there.
  static int endOf(String text, int open) {
    var close = text.indexOf(']', open);
    if (close < 0 || close - open > LONGEST) {
      return -1;
    }
    return isOne(text.substring(open + 1, close)) ? close + 1 : -1;
  }

  private static boolean isOne(String inside) {
    if (WHOLE.contains(inside) || inside.equals(SECRET) || COUNTED.contains(inside)) {
      return true;
    }
    if (inside.startsWith(SECRET + ", ")) {
      return isDetail(inside.substring(SECRET.length() + 2), 32);
    }
    for (var counted : COUNTED) {
      if (inside.startsWith(counted + ", ")) {
        var details = inside.substring(counted.length() + 2).split(", ", -1);
        return switch (details.length) {
          case 1 -> isCount(details[0]) || isDetail(details[0], 20);
          case 2 -> isCount(details[0]) && isDetail(details[1], 20);
          default -> false;
        };
      }
    }
    return false;
  }

  private static boolean isCount(String detail) {
    var space = detail.indexOf(' ');
    return space >= 1
        && space <= 6
        && detail.chars().limit(space).allMatch(c -> c >= '0' && c <= '9')
        && UNITS.contains(detail.substring(space + 1));
  }

  private static boolean isDetail(String detail, int longest) {
    return !detail.isBlank()
        && detail.length() <= longest
        && !detail.startsWith(" ")
        && !detail.endsWith(" ")
        && !detail.contains("  ")
        && detail
            .chars()
            .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ');
  }
}
