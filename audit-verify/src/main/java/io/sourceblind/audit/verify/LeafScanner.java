// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads one leaf where it lies in a buffer, and accepts only the one way in which it may be
/// written: keys in order, nothing spaced, strings, whole numbers and booleans.
public final class LeafScanner {
  private static final int MOST_MEMBERS = 64;
  private static final long LARGEST = 1L << 53;

  private byte[] buffer = new byte[0];
  private int at;
  private int end;
  private int members;
  private final int[] keyStart = new int[MOST_MEMBERS];
  private final int[] keyEnd = new int[MOST_MEMBERS];
  private final int[] valueStart = new int[MOST_MEMBERS];
  private final int[] valueEnd = new int[MOST_MEMBERS];

  /// Whether the bytes are a leaf. What was found stays until the next call.
  public boolean scan(byte[] bytes, int from, int to) {
    buffer = bytes;
    at = from;
    end = to;
    members = 0;
    if (!take('{')) {
      return false;
    }
    do {
      if (members == MOST_MEMBERS || !key() || !take(':') || !value()) {
        return false;
      }
      members++;
    } while (take(','));
    return take('}') && at == end;
  }

  /// The text of a string, or the digits of a number, without quotes; null if there is none.
  public @Nullable String text(byte[] key) {
    var member = member(key);
    if (member < 0) {
      return null;
    }
    var quoted = buffer[valueStart[member]] == '"' ? 1 : 0;
    return new String(
        buffer,
        valueStart[member] + quoted,
        valueEnd[member] - valueStart[member] - 2 * quoted,
        UTF_8);
  }

  /// Whether the member is there and is exactly this, quotes and all.
  boolean is(byte[] key, byte[] value) {
    return is(member(key), value);
  }

  /// The same, where the place of the member is known.
  boolean is(int member, byte[] value) {
    return member >= 0
        && Arrays.equals(buffer, valueStart[member], valueEnd[member], value, 0, value.length);
  }

  int members() {
    return members;
  }

  /// The name of a member.
  String name(int member) {
    return new String(buffer, keyStart[member], keyEnd[member] - keyStart[member], UTF_8);
  }

  boolean nameStartsWith(int member, byte[] prefix) {
    return keyEnd[member] - keyStart[member] > prefix.length
        && Arrays.equals(
            buffer, keyStart[member], keyStart[member] + prefix.length, prefix, 0, prefix.length);
  }

  /// Whether the member is a string that begins so.
  boolean textStartsWith(int member, byte[] prefix) {
    return member >= 0
        && valueEnd[member] - valueStart[member] > prefix.length
        && Arrays.equals(
            buffer,
            valueStart[member] + 1,
            valueStart[member] + 1 + prefix.length,
            prefix,
            0,
            prefix.length);
  }

  /// The place of a member, or -1.
  int member(byte[] key) {
    for (var member = 0; member < members; member++) {
      // Most names differ in length or in their first letter, which is seen without a call.
      if (keyEnd[member] - keyStart[member] == key.length
          && buffer[keyStart[member]] == key[0]
          && Arrays.equals(buffer, keyStart[member], keyEnd[member], key, 0, key.length)) {
        return member;
      }
    }
    return -1;
  }

  private boolean take(int wanted) {
    if (at < end && buffer[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private boolean key() {
    if (!take('"')) {
      return false;
    }
    keyStart[members] = at;
    var bytes = buffer;
    var next = at;
    while (next < end && isOfName(bytes[next])) {
      next++;
    }
    at = next;
    keyEnd[members] = at;
    // In order, so none is there twice.
    return keyEnd[members] > keyStart[members] && (members == 0 || follows()) && take('"');
  }

  private boolean follows() {
    return Arrays.compareUnsigned(
            buffer,
            keyStart[members - 1],
            keyEnd[members - 1],
            buffer,
            keyStart[members],
            keyEnd[members])
        < 0;
  }

  private static boolean isOfName(byte c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }

  private boolean value() {
    valueStart[members] = at;
    var good =
        at < end
            && switch (buffer[at]) {
              case '"' -> string();
              case 't' -> word("true");
              case 'f' -> word("false");
              default -> number();
            };
    valueEnd[members] = at;
    return good;
  }

  private boolean word(String word) {
    for (var c = 0; c < word.length(); c++) {
      if (!take(word.charAt(c))) {
        return false;
      }
    }
    return true;
  }

  private boolean number() {
    var negative = take('-');
    var first = at;
    var value = 0L;
    while (at < end && buffer[at] >= '0' && buffer[at] <= '9' && at - first < 17) {
      value = value * 10 + buffer[at] - '0';
      at++;
    }
    var digits = at - first;
    return digits > 0 && value < LARGEST && (buffer[first] != '0' || (digits == 1 && !negative));
  }

  private boolean string() {
    // Local variables: this loop sees most bytes of a log.
    var bytes = buffer;
    var stop = end;
    for (var next = at + 1; next < stop; next++) {
      var c = bytes[next];
      if (c == '"') {
        at = next + 1;
        return true;
      }
      if (c == '\\') {
        at = next + 1;
        if (!escape()) {
          return false;
        }
        next = at - 1;
      } else if (c >= 0 && c < ' ') {
        return false;
      }
    }
    at = stop;
    return false;
  }

  /// RFC 8785, 3.2.2.2: only what must be escaped is, and in one way only.
  private boolean escape() {
    if (at == end) {
      return false;
    }
    return switch (buffer[at++]) {
      case '"', '\\', 'b', 'f', 'n', 'r', 't' -> true;
      case 'u' -> unicode();
      default -> false;
    };
  }

  private boolean unicode() {
    if (end - at < 4 || buffer[at] != '0' || buffer[at + 1] != '0') {
      return false;
    }
    var high = buffer[at + 2];
    var low = buffer[at + 3];
    at += 4;
    // The others of the first 32 have a letter of their own.
    return high == '0'
        ? "01234567bef".indexOf(low) >= 0
        : high == '1' && "0123456789abcdef".indexOf(low) >= 0;
  }
}
