// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a tree of a record that is written as plainly as tools write them, eight bytes at a time,
/// and leaves every text in its place. Each byte of the record is looked at, also of what nobody
/// wants: anything that is not plain, from a form that is broken to one that is only rare, makes it
/// give up, and then the parser decides what the record is. So it never calls a record broken, and
/// never takes one that the parser would not.
final class Skimmer {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long BLANKS = ONES * ' ';

  /// The parser's own bounds are wider.
  private static final int DEEPEST = 100;

  private static final int MOST_DIGITS = 18;
  private static final int LONGEST_FRACTION = 30;

  /// One for each thread, so that none writes where another reads.
  private static final ThreadLocal<NameTable> NAMES = ThreadLocal.withInitial(NameTable::new);

  private final byte[] bytes;
  private final NameTable names = NAMES.get();
  private int at;

  private Skimmer(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The record, or null where it is not plain.
  static @Nullable JsonNode object(byte[] bytes, Wanted wanted) {
    Skimmer skimmer = new Skimmer(bytes);
    if (skimmer.next() != '{') {
      return null;
    }
    JsonNode row = skimmer.object(wanted, 1);
    return row != null && skimmer.next() < 0 ? row : null;
  }

  /// Goes to the next byte that is not blank; -1 at the end.
  private int next() {
    while (at < bytes.length) {
      byte b = bytes[at];
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b & 0xFF;
      }
      at++;
    }
    return -1;
  }

  private @Nullable JsonNode value(Wanted wanted, int depth) {
    if (wanted == Wanted.NONE) {
      return isPassed(depth) ? NODES.nullNode() : null;
    }
    return switch (next()) {
      case '{' -> object(wanted, depth + 1);
      case '[' -> array(wanted, depth + 1);
      case '"' -> text();
      case 't' -> isPassed("true") ? NODES.booleanNode(true) : null;
      case 'f' -> isPassed("false") ? NODES.booleanNode(false) : null;
      case 'n' -> isPassed("null") ? NODES.nullNode() : null;
      default -> number();
    };
  }

  private @Nullable JsonNode object(Wanted wanted, int depth) {
    ObjectNode object = NODES.objectNode();
    at++;
    if (depth > DEEPEST) {
      return null;
    }
    if (next() == '}') {
      at++;
      return object;
    }
    while (true) {
      String name = next() == '"' ? name() : null;
      if (name == null || next() != ':') {
        return null;
      }
      at++;
      JsonNode value = value(wanted.of(name), depth);
      if (value == null) {
        return null;
      }
      object.set(name, value);
      switch (next()) {
        case ',' -> at++;
        case '}' -> {
          at++;
          return object;
        }
        default -> {
          return null;
        }
      }
    }
  }

  private @Nullable JsonNode array(Wanted wanted, int depth) {
    ArrayNode array = NODES.arrayNode();
    at++;
    if (depth > DEEPEST) {
      return null;
    }
    if (next() == ']') {
      at++;
      return array;
    }
    while (true) {
      JsonNode value = value(wanted, depth);
      if (value == null) {
        return null;
      }
      array.add(value);
      switch (next()) {
        case ',' -> at++;
        case ']' -> {
          at++;
          return array;
        }
        default -> {
          return null;
        }
      }
    }
  }

  // ---- what nobody wants: its form is checked all the same

  private boolean isPassed(int depth) {
    return switch (next()) {
      case '{' -> isObjectPassed(depth + 1);
      case '[' -> isArrayPassed(depth + 1);
      case '"' -> measured() != null;
      case 't' -> isPassed("true");
      case 'f' -> isPassed("false");
      case 'n' -> isPassed("null");
      default -> number() != null;
    };
  }

  private boolean isObjectPassed(int depth) {
    at++;
    if (depth > DEEPEST) {
      return false;
    }
    if (next() == '}') {
      at++;
      return true;
    }
    while (true) {
      if (next() != '"' || measured() == null || next() != ':') {
        return false;
      }
      at++;
      if (!isPassed(depth)) {
        return false;
      }
      int behind = next();
      at++;
      if (behind != ',') {
        return behind == '}';
      }
    }
  }

  private boolean isArrayPassed(int depth) {
    at++;
    if (depth > DEEPEST) {
      return false;
    }
    if (next() == ']') {
      at++;
      return true;
    }
    while (true) {
      if (!isPassed(depth)) {
        return false;
      }
      int behind = next();
      at++;
      if (behind != ',') {
        return behind == ']';
      }
    }
  }

  private boolean isPassed(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at == bytes.length || bytes[at] != word.charAt(i)) {
        return false;
      }
      at++;
    }
    return true;
  }

  // ---- names, numbers and texts

  /// A name that is plain ASCII without escapes; the same name is the same String.
  private @Nullable String name() {
    int start = at + 1;
    int end = start;
    long hash = 0;
    long found = 0;
    while (found == 0) {
      long eight = eight(end);
      found = unlikeLetters(eight);
      int count = found == 0 ? Long.BYTES : Long.numberOfTrailingZeros(found) / Byte.SIZE;
      long part = count == Long.BYTES ? eight : eight & ((1L << (count * Byte.SIZE)) - 1);
      hash = NameTable.mixed(hash, part);
      end += count;
    }
    if (end >= bytes.length || bytes[end] != '"') {
      return null;
    }
    at = end + 1;
    return names.of(bytes, start, end, hash);
  }

  /// A whole number or a decimal fraction.
  private @Nullable JsonNode number() {
    int start = at;
    boolean negative = at < bytes.length && bytes[at] == '-';
    at += negative ? 1 : 0;
    int first = at;
    long value = digits();
    int count = at - first;
    if (count == 0 || count > MOST_DIGITS || (count > 1 && bytes[first] == '0')) {
      return null;
    }
    if (at < bytes.length && bytes[at] == '.') {
      int point = at;
      at++;
      digits();
      if (at == point + 1 || at - start > LONGEST_FRACTION) {
        return null;
      }
      String written = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
      return isEndOfNumber() ? NODES.numberNode(Double.parseDouble(written)) : null;
    }
    long signed = negative ? -value : value;
    if (!isEndOfNumber()) {
      return null;
    }
    return signed == (int) signed ? NODES.numberNode((int) signed) : NODES.numberNode(signed);
  }

  private long digits() {
    long value = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + bytes[at] - '0';
      at++;
    }
    return value;
  }

  private boolean isEndOfNumber() {
    int behind = next();
    return behind == ',' || behind == '}' || behind == ']';
  }

  private @Nullable JsonNode text() {
    int start = at + 1;
    RawText.Measure measure = measured();
    return measure == null ? null : new RawText(bytes, start, at - 1, measure);
  }

  /// Passes a text and counts what it has; null where it is not plain.
  private RawText.@Nullable Measure measured() {
    int start = at + 1;
    int shorter = 0;
    int wider = 0;
    int breaks = 0;
    int escapes = 0;
    int behindBreak = start;
    at = start;
    while (true) {
      int b = passLetters();
      if (b == '"') {
        break;
      }
      int from = at;
      if (b == '\\') {
        int c = escaped();
        if (c < 0) {
          return null;
        }
        int width = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x1_0000 ? 3 : 4;
        shorter += at - from - width;
        wider += WIDER[width];
        escapes += escapesOf(c);
        if (c == '\n') {
          breaks++;
          behindBreak = at;
        }
      } else {
        // Characters that JSON does not allow as they are begin nothing either.
        int width = wide(b);
        if (width == 0) {
          return null;
        }
        at += width;
        wider += WIDER[width];
      }
    }
    int size = at - start - shorter;
    int lines = behindBreak == at ? breaks : breaks + 1;
    at++;
    return new RawText.Measure(size, size - wider, lines, escapes);
  }

  /// How many bytes more than places in a String a character has that is so wide in UTF-8.
  private static final int[] WIDER = {0, 0, 1, 2, 2};

  /// How many bytes more a character has in JSON.
  private static int escapesOf(int c) {
    if (c == '"' || c == '\\') {
      return 1;
    }
    return c >= ' ' ? 0 : c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f' ? 1 : 5;
  }

  /// Passes what is ASCII and neither quote, backslash nor control character, and returns what
  /// stands behind it; 0 at the end of the record.
  private int passLetters() {
    byte[] all = bytes;
    int i = at;
    long found = 0;
    while (i + Long.BYTES <= all.length) {
      found = unlikeLetters((long) EIGHT.get(all, i));
      if (found != 0) {
        break;
      }
      i += Long.BYTES;
    }
    if (found == 0) {
      found = unlikeLetters(eight(i));
    }
    i += Long.numberOfTrailingZeros(found) / Byte.SIZE;
    at = i;
    return i < all.length ? all[i] & 0xFF : 0;
  }

  /// Eight bytes, the first in the lowest place; behind the end of the record stand zeros, which
  /// are no letters.
  private long eight(int start) {
    if (start + Long.BYTES <= bytes.length) {
      return (long) EIGHT.get(bytes, start);
    }
    long eight = 0;
    for (int i = bytes.length - 1; i >= start; i--) {
      eight = eight << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return eight;
  }

  /// The lowest bit that is set says where the first byte stands that is no such letter; those
  /// above it may be wrong, because a subtraction borrows.
  private static long unlikeLetters(long eight) {
    return (eight | (eight - BLANKS) | ((eight ^ QUOTES) - ONES) | ((eight ^ BACKSLASHES) - ONES))
        & HIGHS;
  }

  /// Passes an escape; the character it stands for, or -1 for half a pair and for what is none.
  private int escaped() {
    if (at + 1 >= bytes.length) {
      return -1;
    }
    byte letter = bytes[at + 1];
    if (letter != 'u') {
      at += 2;
      return unescaped(letter);
    }
    int c = hex(bytes, at + 2);
    at += 6;
    if (c < 0 || !Character.isSurrogate((char) c)) {
      return c;
    }
    if (Character.isLowSurrogate((char) c)
        || at + 6 > bytes.length
        || bytes[at] != '\\'
        || bytes[at + 1] != 'u') {
      return -1;
    }
    int low = hex(bytes, at + 2);
    at += 6;
    return low >= 0 && Character.isLowSurrogate((char) low)
        ? Character.toCodePoint((char) c, (char) low)
        : -1;
  }

  /// The character that a backslash and the letter stand for, or -1 where they stand for none.
  static int unescaped(byte letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> letter;
      default -> -1;
    };
  }

  /// The number that four hexadecimal digits write, or -1.
  static int hex(byte[] bytes, int start) {
    if (start + 4 > bytes.length) {
      return -1;
    }
    int c = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = bytes[i] < 0 ? -1 : Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      c = c << 4 | digit;
    }
    return c;
  }

  /// How many bytes a character has that begins here and is written in the one form UTF-8 has for
  /// it; else 0.
  private int wide(int first) {
    int width = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (at + width > bytes.length) {
      return 0;
    }
    for (int i = 1; i < width; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int second = width == 0 ? 0 : bytes[at + 1] & 0xFF;
    return switch (first) {
      case 0xE0 -> second >= 0xA0 ? width : 0;
      case 0xED -> second < 0xA0 ? width : 0;
      case 0xF0 -> second >= 0x90 ? width : 0;
      case 0xF4 -> second < 0x90 ? width : 0;
      default -> width;
    };
  }

  /// The names of fields that were met of late, so that each need not be made anew. Its size does
  /// not follow the file.
  private static final class NameTable {

    /// Twelve bits of a hash.
    private static final int SLOTS = 1 << 12;

    private static final int LONGEST = 64;

    private static final class Known {
      final byte[] bytes;
      final String name;

      Known(byte[] bytes, String name) {
        this.bytes = bytes;
        this.name = name;
      }
    }

    private final @Nullable Known[] known = new @Nullable Known[SLOTS];

    static long mixed(long hash, long part) {
      return (Long.rotateLeft(hash, 5) ^ part) * 0x9E37_79B9_7F4A_7C15L;
    }

    String of(byte[] bytes, int from, int to, long hash) {
      int slot = (int) (hash >>> 52);
      Known here = known[slot];
      if (here != null && Arrays.equals(here.bytes, 0, here.bytes.length, bytes, from, to)) {
        return here.name;
      }
      String name = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
      if (to - from <= LONGEST) {
        known[slot] = new Known(Arrays.copyOfRange(bytes, from, to), name);
      }
      return name;
    }
  }
}
