// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.HashSet;
import java.util.Set;

/// Looks a word up in all lists of {@link Words} at once, where it stands in a text, and says what
/// it is made of. It knows words of plain ASCII only; of others it says nothing.
final class Lexicon {

  static final int ASCII = 1;
  static final int UPPER = 1 << 1;
  static final int LOWER = 1 << 2;
  static final int DIGIT = 1 << 3;
  static final int UNDERSCORE = 1 << 4;

  /// A capital right behind a small letter.
  static final int CAMEL = 1 << 5;

  static final int FUNCTION = 1 << 6;
  static final int TALK = 1 << 7;
  static final int KEYWORD = 1 << 8;
  static final int VERB = 1 << 9;
  static final int BARE = 1 << 10;
  static final int SELF = 1 << 11;

  /// All that a word can be made of.
  static final int ALL = ASCII | UPPER | LOWER | DIGIT | UNDERSCORE | CAMEL;

  private static final int LISTS = FUNCTION | TALK | KEYWORD | VERB | BARE | SELF;

  /// Above the bits, the slot in which a word of the lists was found.
  private static final int SLOT_SHIFT = 16;

  private static final int SLOTS = 1 << 12;
  private static final String[] WORDS = new String[SLOTS];

  /// A word's key, and below it its lists and whether it is longer than its key.
  private static final long[] ENTRIES = new long[SLOTS];

  private static final int[] HASHES = new int[SLOTS];

  /// The last eight signs of a word, six bits each, are its key: as good as the word itself where
  /// it has no more.
  private static final int KEYED = 8;

  private static final int SIGN_BITS = 6;
  private static final long KEY = (1L << (KEYED * SIGN_BITS)) - 1;
  private static final int KEY_SHIFT = 16;
  private static final int LONG = 1 << 15;

  /// For each sign of ASCII what a word is made of that has it, and its six bits in a key; zero for
  /// what does not stand in words.
  private static final byte[] MADE = new byte[128];

  private static final byte[] SIGNS = new byte[128];

  static {
    String signs = "abcdefghijklmnopqrstuvwxyz0123456789_";
    for (int i = 0; i < signs.length(); i++) {
      char c = signs.charAt(i);
      MADE[c] = (byte) (c == '_' ? UNDERSCORE : c <= '9' ? DIGIT : LOWER);
      SIGNS[c] = (byte) (i + 1);
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      MADE[c] = UPPER;
      SIGNS[c] = SIGNS[c | 0x20];
    }
    SIGNS['\''] = (byte) (signs.length() + 1);
    Set<String> all = new HashSet<>();
    all.addAll(Words.FUNCTION);
    all.addAll(Words.TALK);
    all.addAll(Words.KEYWORD);
    all.addAll(Words.VERB);
    all.addAll(Words.BARE);
    all.addAll(Words.SELF);
    all.removeIf(word -> word.chars().anyMatch(c -> c >= SIGNS.length));
    for (String word : all) {
      long key = 0;
      for (int i = 0; i < word.length(); i++) {
        key = (key << SIGN_BITS) | SIGNS[word.charAt(i)];
      }
      int slot = slot(key & KEY);
      while (ENTRIES[slot] != 0) {
        slot = (slot + 1) % SLOTS;
      }
      WORDS[slot] = word;
      ENTRIES[slot] =
          ((key & KEY) << KEY_SHIFT) | kindOf(word) | (word.length() > KEYED ? LONG : 0);
      HASHES[slot] = word.hashCode();
    }
  }

  private Lexicon() {}

  /// The lists a word in small letters is in.
  static int kindOf(String lower) {
    return (Words.FUNCTION.contains(lower) ? FUNCTION : 0)
        | (Words.TALK.contains(lower) ? TALK : 0)
        | (Words.KEYWORD.contains(lower) ? KEYWORD : 0)
        | (Words.VERB.contains(lower) ? VERB : 0)
        | (Words.BARE.contains(lower) ? BARE : 0)
        | (Words.SELF.contains(lower) ? SELF : 0);
  }

  /// Reads the word that begins here, as long as its letters, digits and low lines are ASCII: where
  /// it ends, for {@link #end}, and what {@link #look} says of it, for {@link #known}; zero where
  /// something else follows that may belong to it.
  static long read(String text, int start, int length) {
    int made = ASCII;
    int before = 0;
    long key = 0;
    int i = start;
    while (i < length) {
      char c = text.charAt(i);
      int kind = c < MADE.length ? MADE[c] : 0;
      if (kind == 0) {
        if (c >= MADE.length || c == '\'') {
          return 0;
        }
        break;
      }
      made |= kind;
      if (kind == UPPER && before == LOWER) {
        made |= CAMEL;
      }
      before = kind;
      key = (key << SIGN_BITS) | SIGNS[c];
      i++;
    }
    return ((long) i << 32) | made | listsOf(text, start, i, key & KEY);
  }

  /// Where the word ends; what stands above that is the caller's.
  static int end(long read) {
    return (int) (read >>> 32) & 0xFFFF;
  }

  static int known(long read) {
    return (int) read;
  }

  /// What the word is made of and the lists it is in, or zero where it is not plain ASCII.
  static int look(String text, int start, int end) {
    int made = ASCII;
    int before = 0;
    long key = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c >= MADE.length) {
        return 0;
      }
      made |= MADE[c];
      if (MADE[c] == UPPER && before == LOWER) {
        made |= CAMEL;
      }
      before = MADE[c];
      key = (key << SIGN_BITS) | SIGNS[c];
    }
    return made | listsOf(text, start, end, key & KEY);
  }

  /// The hash of a word of the lists in small letters, as a string would have it.
  ///
  /// @param known what was said of the word
  static int hash(int known) {
    return HASHES[known >>> SLOT_SHIFT];
  }

  /// One where the word is in a list or made of something, and zero where it is not: without a
  /// branch, which of the words of a text would be taken at random.
  static int count(int known, int one) {
    return Integer.signum(known & one);
  }

  /// Whether people speak with the word, written as they write it.
  static boolean isSpoken(int known) {
    return (known & (FUNCTION | TALK)) != 0 && (known & (DIGIT | UNDERSCORE | CAMEL)) == 0;
  }

  /// Whether the word is made of digits only.
  static boolean isNumber(int known) {
    return (known & ALL) == (ASCII | DIGIT);
  }

  private static int listsOf(String text, int start, int end, long key) {
    int slot = slot(key);
    long entry = ENTRIES[slot];
    while (entry != 0) {
      if (entry >>> KEY_SHIFT == key
          && ((entry & LONG) == 0 ? end - start <= KEYED : isWord(WORDS[slot], text, start, end))) {
        return ((int) entry & LISTS) | (slot << SLOT_SHIFT);
      }
      slot = (slot + 1) % SLOTS;
      entry = ENTRIES[slot];
    }
    return 0;
  }

  private static boolean isWord(String word, String text, int start, int end) {
    if (word.length() != end - start) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (word.charAt(i - start) != (c >= 'A' && c <= 'Z' ? c | 0x20 : c)) {
        return false;
      }
    }
    return true;
  }

  private static int slot(long key) {
    return (int) ((key * 0x9E3779B97F4A7C15L) >>> 52);
  }
}
