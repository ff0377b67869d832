// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LexiconTest {

  private static final int LISTS =
      Lexicon.FUNCTION
          | Lexicon.TALK
          | Lexicon.KEYWORD
          | Lexicon.VERB
          | Lexicon.BARE
          | Lexicon.SELF;

  private static Set<String> words() {
    Set<String> words = new HashSet<>();
    List.of(Words.FUNCTION, Words.TALK, Words.KEYWORD, Words.VERB, Words.BARE, Words.SELF)
        .forEach(words::addAll);
    words.removeIf(word -> word.chars().anyMatch(c -> c >= 128));
    return words;
  }

  private static int listsOf(String word) {
    return Lexicon.look(word, 0, word.length()) & LISTS;
  }

  @Test
  void everyWordIsFoundInTheListsItIsInWhateverItsCase() {
    for (String word : words()) {
      int lists = Lexicon.kindOf(word);

      assertThat(lists).as(word).isNotZero();
      assertThat(listsOf(word)).as(word).isEqualTo(lists);
      assertThat(listsOf(word.toUpperCase(Locale.ROOT))).as(word).isEqualTo(lists);
    }
  }

  /// The twin: with a letter more at either end it is in the lists of that other word, most often
  /// in none, however many letters both share.
  @Test
  void aLongerWordIsAnother() {
    int strangers = 0;
    for (String word : words()) {
      for (String longer : List.of("q" + word, word + "q", "implement" + word, word + word)) {
        strangers += Lexicon.kindOf(longer) == 0 ? 1 : 0;

        assertThat(listsOf(longer)).as(longer).isEqualTo(Lexicon.kindOf(longer));
      }
    }
    assertThat(strangers).isGreaterThan(3_000);
  }

  @Test
  void aWordThatIsReadIsTheWordThatIsLookedUp() {
    for (String word : words()) {
      if (word.indexOf('\'') >= 0) {
        continue;
      }
      String text = "(" + word + ", and";
      long read = Lexicon.read(text, 1, text.length());

      assertThat(Lexicon.end(read)).as(word).isEqualTo(1 + word.length());
      assertThat(Lexicon.known(read)).as(word).isEqualTo(Lexicon.look(word, 0, word.length()));
      assertThat(Lexicon.hash(Lexicon.known(read))).as(word).isEqualTo(word.hashCode());
    }
  }

  @Test
  void whatMayGoOnBeyondAsciiOrBehindAnApostropheIsLeftToASlowerLook() {
    assertThat(Lexicon.read("na\u00efve", 0, 5)).isZero();
    assertThat(Lexicon.read("don't", 0, 5)).isZero();
    assertThat(Lexicon.look("na\u00efve", 0, 5)).isZero();
    assertThat(Lexicon.look("don't", 0, 5) & Lexicon.FUNCTION).isNotZero();
  }
}
