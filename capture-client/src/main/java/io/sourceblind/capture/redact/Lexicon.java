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

  private static final int SLOTS = 1 << 12;
  private static final String[] WORDS = new String[SLOTS];
  private static final int[] KINDS = new int[SLOTS];
  private static final int[] HASHES = new int[SLOTS];

  static {
    Set<String> all = new HashSet<>();
    all.addAll(Words.FUNCTION);
    all.addAll(Words.TALK);
    all.addAll(Words.KEYWORD);
    all.addAll(Words.VERB);
    all.addAll(Words.BARE);
    all.addAll(Words.SELF);
    for (String word : all) {
      int slot = slot(word.hashCode());
      while (WORDS[slot] != null) {
        slot = (slot + 1) % SLOTS;
      }
      WORDS[slot] = word;
      KINDS[slot] = kindOf(word);
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

  /// What the word is made of and the lists it is in, or zero where it is not plain ASCII.
  static int look(String text, int start, int end) {
    int found = ASCII;
    int hash = 0;
    boolean small = false;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      boolean wasSmall = small;
      small = false;
      int lower = c;
      if (c >= 'a' && c <= 'z') {
        found |= LOWER;
        small = true;
      } else if (c >= 'A' && c <= 'Z') {
        found |= wasSmall ? UPPER | CAMEL : UPPER;
        lower = c | 0x20;
      } else if (c >= '0' && c <= '9') {
        found |= DIGIT;
      } else if (c == '_') {
        found |= UNDERSCORE;
      } else if (c >= 0x80) {
        return 0;
      }
      hash = 31 * hash + lower;
    }
    return found | kindAt(text, start, end, hash);
  }

  /// The hash of the word in small letters, as a string would have it.
  static int hash(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      hash = 31 * hash + (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return hash;
  }

  private static int kindAt(String text, int start, int end, int hash) {
    int slot = slot(hash);
    while (KINDS[slot] != 0) {
      if (HASHES[slot] == hash) {
        if (isWord(WORDS[slot], text, start, end)) {
          return KINDS[slot];
        }
      }
      slot = (slot + 1) % SLOTS;
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

  private static int slot(int hash) {
    return (hash * 0x9E3779B1) >>> 20;
  }
}
