// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds many keywords in one pass over a text, whatever their case (Aho and Corasick, 1975). The
/// pass itself belongs to the caller: it goes from state to state, a character at a time.
final class Keywords {

  static final int START = 0;

  private static final int NONE = 0;

  /// A small number for each character that stands in a keyword, zero for all others.
  private final byte[] classes = new byte[1 << 16];

  private final int width;

  /// For each state, which is where its row begins, and each class of characters the state after
  /// it; below zero, as its complement, where a keyword ends in that one.
  private final int[] next;

  /// The numbers of the keywords that end in a state, or null.
  private final int[][] ending;

  Keywords(List<String> keywords) {
    int known = NONE;
    for (String keyword : keywords) {
      for (int i = 0; i < keyword.length(); i++) {
        if (classes[keyword.charAt(i)] == NONE) {
          known++;
          classes[keyword.charAt(i)] = (byte) known;
        }
      }
    }
    for (int c = 0; c < classes.length; c++) {
      char lower = Character.toLowerCase((char) c);
      if (classes[c] == NONE) {
        classes[c] = classes[lower];
      }
    }
    width = known + 1;
    List<int[]> states = new ArrayList<>();
    List<List<Integer>> ends = new ArrayList<>();
    states.add(empty());
    ends.add(new ArrayList<>());
    for (int k = 0; k < keywords.size(); k++) {
      int state = START;
      for (int i = 0; i < keywords.get(k).length(); i++) {
        int by = classes[keywords.get(k).charAt(i)];
        if (states.get(state)[by] < 0) {
          states.get(state)[by] = states.size();
          states.add(empty());
          ends.add(new ArrayList<>());
        }
        state = states.get(state)[by];
      }
      ends.get(state).add(k);
    }
    link(states, ends);
    next = new int[states.size() * width];
    ending = new int[states.size()][];
    for (int state = 0; state < states.size(); state++) {
      for (int by = 0; by < width; by++) {
        int after = states.get(state)[by];
        next[state * width + by] = ends.get(after).isEmpty() ? after * width : ~(after * width);
      }
      if (!ends.get(state).isEmpty()) {
        ending[state] = ends.get(state).stream().mapToInt(Integer::intValue).toArray();
      }
    }
  }

  private int[] empty() {
    int[] state = new int[width];
    Arrays.fill(state, -1);
    return state;
  }

  /// Where a keyword breaks off, the longest beginning of one that ends there goes on.
  private void link(List<int[]> states, List<List<Integer>> ends) {
    int[] shorter = new int[states.size()];
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    for (int by = 0; by < width; by++) {
      int state = states.get(START)[by];
      if (state < 0) {
        states.get(START)[by] = START;
      } else {
        queue.add(state);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      ends.get(state).addAll(ends.get(shorter[state]));
      for (int by = 0; by < width; by++) {
        int after = states.get(state)[by];
        int fallback = states.get(shorter[state])[by];
        if (after < 0) {
          states.get(state)[by] = fallback;
        } else {
          shorter[after] = fallback;
          queue.add(after);
        }
      }
    }
  }

  int after(int state, char c) {
    return next[(state < 0 ? ~state : state) + classes[c]];
  }

  /// Goes on until a keyword ends, or up to a digit or a line feed: where that stands, for {@link
  /// #at}, and the state behind it, for {@link #state}.
  long pass(String text, int from, int state) {
    int length = text.length();
    int now = state;
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      now = after(now, c);
      if (now < 0 || (c <= '9' && (c >= '0' || c == '\n'))) {
        return ((long) i << 32) | (now & 0xFFFF_FFFFL);
      }
    }
    return ((long) length << 32) | (now & 0xFFFF_FFFFL);
  }

  static int at(long passed) {
    return (int) (passed >>> 32);
  }

  static int state(long passed) {
    return (int) passed;
  }

  /// The keywords that end here, or null.
  int @org.jspecify.annotations.Nullable [] endingAt(int state) {
    return state < 0 ? ending[~state / width] : null;
  }
}
