// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a line looks like to the model: the shapes of its tokens, alone, in pairs and in threes,
/// each hashed into a bucket. Only words that hold a sentence or a program together are known by
/// name; of every other word only the shape counts, so that the model cannot learn anybody's names.
final class TokenShapes {

  static final int BUCKETS = 1 << 15;

  private static final int MOST_TOKENS = 300;
  private static final int EDGE = 0x3C6EF372;

  private int[] tokens = new int[64];
  private int[] features = new int[64];
  private int count;

  /// What has read the words of the line before, and how many of them were met.
  private @Nullable LineScore scored;

  private int next;

  /// The buckets of a line, one for each thing seen of it.
  static int[] of(Line line) {
    TokenShapes shapes = new TokenShapes();
    shapes.read(line);
    return Arrays.copyOf(shapes.features, shapes.count);
  }

  /// The buckets of the line that was read last; only the first {@link #count} are its own.
  int[] features() {
    return features;
  }

  int count() {
    return count;
  }

  /// Reads a line, and forgets the one before.
  void read(Line line) {
    // The line's score has read the same words.
    read(line, line.isLinked() ? null : LineScore.countsOf(line));
  }

  /// @param read what has read the words of this line before, or null where nothing did
  void read(Line line, @Nullable LineScore read) {
    count = 0;
    scored = read;
    next = 0;
    String text = line.unlinked();
    int length = Math.min(text.length(), 2_000);
    int size = 0;
    int words = 0;
    int functions = 0;
    int marks = 0;
    int i = 0;
    while (i < length && size < MOST_TOKENS) {
      if (size == tokens.length) {
        tokens = Arrays.copyOf(tokens, size * 2);
      }
      char c = text.charAt(i);
      if (LineScore.isWhite(c)) {
        i++;
      } else if (LineScore.isWordSign(c)) {
        long word = wordAt(i, text, length);
        int end = word == 0 ? endOfWord(text, i, length) : Lexicon.end(word);
        int known = word == 0 ? Lexicon.look(text, i, end) : Lexicon.known(word);
        if (known == 0) {
          String other = text.substring(i, end);
          functions += Words.FUNCTION.contains(other.toLowerCase(Locale.ROOT)) ? 1 : 0;
          tokens[size++] = shape(other);
        } else {
          functions += Lexicon.count(known, Lexicon.FUNCTION);
          tokens[size++] = shape(known, c, end - i);
        }
        words++;
        i = end;
      } else {
        boolean blankAfter = i + 1 >= length || LineScore.isWhite(text.charAt(i + 1));
        boolean blankBefore = i == 0 || LineScore.isWhite(text.charAt(i - 1));
        tokens[size++] = 1_000_003 * c + (blankAfter ? 7_919 : 0) + (blankBefore ? 104_729 : 0);
        marks++;
        i++;
      }
    }
    reserve(3 * size + 12);
    for (int k = 0; k < size; k++) {
      int before = k == 0 ? EDGE : tokens[k - 1];
      int beforeThat = k < 2 ? EDGE : tokens[k - 2];
      add(1, tokens[k], 0, 0);
      add(2, before, tokens[k], 0);
      add(3, beforeThat, before, tokens[k]);
    }
    if (size > 0) {
      add(2, tokens[size - 1], EDGE, 0);
      add(4, tokens[0], 0, 0);
      add(5, tokens[size - 1], 0, 0);
      add(6, tokens[0], tokens[size - 1], 0);
    }
    add(7, Math.min(line.indent, 12), 0, 0);
    add(8, bin(text.length()), 0, 0);
    add(9, Math.min(words, 20), 0, 0);
    add(10, marks * 10 / Math.max(1, size), 0, 0);
    add(11, functions * 10 / Math.max(1, words), Math.min(words, 4), 0);
    add(12, line.numbered ? 1 : 0, line.quoted ? 1 : 0, 0);
  }

  /// What {@link Lexicon#read} says of the word that begins here.
  private long wordAt(int at, String text, int length) {
    LineScore before = scored;
    if (before != null) {
      while (next < before.count() && LineScore.start(before.read(next)) < at) {
        next++;
      }
      if (next < before.count() && LineScore.start(before.read(next)) == at) {
        return before.read(next);
      }
    }
    return Lexicon.read(text, at, length);
  }

  private static int endOfWord(String text, int start, int length) {
    int end = start + 1;
    while (end < length
        && (LineScore.isWordSign(text.charAt(end)) || isApostrophe(text, end, length))) {
      end++;
    }
    return end;
  }

  private static boolean isApostrophe(String text, int at, int length) {
    char c = text.charAt(at);
    return (c == '\'' || c == '\u2019')
        && at + 1 < length
        && Character.isLetter(text.charAt(at + 1));
  }

  private static int bin(int length) {
    return length < 20 ? length / 5 : length < 100 ? 4 + length / 20 : 10 + length / 100;
  }

  private static final int NAMED = Lexicon.FUNCTION | Lexicon.TALK | Lexicon.KEYWORD;

  /// The shape of a word of plain ASCII, which the lexicon has looked at.
  private static int shape(int known, char first, int length) {
    int capital = first >= 'A' && first <= 'Z' ? 1 : 0;
    int named = Lexicon.hash(known) * 31 + capital;
    boolean digit = first >= '0' && first <= '9';
    int shape = SHAPES[place(known, digit, capital, length)];
    // A word with a name or without one, as it comes: both are at hand, and neither is waited for.
    return (known & NAMED) != 0 ? named : shape == NUMBER ? NUMBER + Math.min(length, 5) : shape;
  }

  private static final int NUMBER = 11;

  /// The shapes of words without a name, by what they are made of, begin with and how long they
  /// are.
  private static final byte[] SHAPES = new byte[1 << 10];

  static {
    for (int made = 0; made <= Lexicon.ALL; made++) {
      for (int length : new int[] {1, 2, 10}) {
        SHAPES[place(made, true, 0, length)] = (byte) (Lexicon.isNumber(made) ? NUMBER : 17);
        SHAPES[place(made, false, 0, length)] = (byte) shapeOf(made, false, length);
        SHAPES[place(made, false, 1, length)] = (byte) shapeOf(made, true, length);
      }
    }
  }

  private static int place(int known, boolean digit, int capital, int length) {
    int size = length == 1 ? 0 : length <= 9 ? 1 : 2;
    return (known & Lexicon.ALL) | (digit ? 1 << 6 : 0) | (capital << 7) | (size << 8);
  }

  private static int shapeOf(int made, boolean capital, int length) {
    if ((made & Lexicon.UNDERSCORE) != 0) {
      return (made & Lexicon.UPPER) == 0 ? 18 : 19;
    }
    if (length == 1) {
      return capital ? 20 : 21;
    }
    if ((made & Lexicon.DIGIT) != 0) {
      return 22;
    }
    if ((made & Lexicon.CAMEL) != 0) {
      return capital ? 23 : 24;
    }
    if ((made & Lexicon.LOWER) == 0) {
      return 26;
    }
    return capital ? 27 : length > 9 ? 28 : 29;
  }

  private static int shape(String word) {
    String lower = word.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    if (Words.FUNCTION.contains(lower)
        || Words.TALK.contains(lower)
        || Words.KEYWORD.contains(lower)) {
      return lower.hashCode() * 31 + (Character.isUpperCase(word.charAt(0)) ? 1 : 0);
    }
    char first = word.charAt(0);
    if (Character.isDigit(first)) {
      return word.chars().allMatch(Character::isDigit) ? 11 + Math.min(word.length(), 5) : 17;
    }
    if (word.indexOf('_') >= 0) {
      return word.equals(lower) ? 18 : 19;
    }
    if (word.length() == 1) {
      return Character.isUpperCase(first) ? 20 : 21;
    }
    if (word.chars().anyMatch(Character::isDigit)) {
      return 22;
    }
    if (LineScore.isCamel(word)) {
      return Character.isUpperCase(first) ? 23 : 24;
    }
    if (LineScore.isCjk(first)) {
      return 25;
    }
    boolean latin = Character.UnicodeScript.of(first) == Character.UnicodeScript.LATIN;
    int script = latin ? 0 : 100;
    if (word.equals(word.toUpperCase(Locale.ROOT))) {
      return script + 26;
    }
    return script + (Character.isUpperCase(first) ? 27 : word.length() > 9 ? 28 : 29);
  }

  private void reserve(int most) {
    if (features.length < most) {
      features = new int[most];
    }
  }

  private void add(int kind, int a, int b, int c) {
    int hash = kind * 0x9E3779B1;
    hash = (hash ^ a) * 0x85EBCA6B;
    hash = (hash ^ (hash >>> 13) ^ b) * 0xC2B2AE35;
    hash = (hash ^ (hash >>> 16) ^ c) * 0x27D4EB2F;
    hash ^= hash >>> 15;
    features[count++] = hash & (BUCKETS - 1);
  }
}
